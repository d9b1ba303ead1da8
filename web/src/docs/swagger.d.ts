/** What is used of the renderer, which brings no types of its own. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  export type Shown = { preauthorizeApiKey(scheme: string, token: string): void };
  export default function SwaggerUI(options: Record<string, unknown>): Shown;
}
