import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";

const ENDPOINT = "/graphql";

/** A fetcher that carries the token; `onRefusal` hears why the gateway refused it, or null once it accepts it. */
export function createFetcher(token: string, onRefusal: (reason: string | null) => void): Fetcher {
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const address = new URL(ENDPOINT, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return createGraphiQLFetcher({
    url: ENDPOINT,
    headers: authorization,
    subscriptionUrl: address.href,
    wsConnectionParams: authorization,
    fetch: async (input, init) => {
      const response = await ask(input, init);
      if (token) onRefusal(response.status === 401 ? await explain(response) : null);
      return response;
    },
  });
}

/** The gateway's answer as JSON, whatever stands between; what is not JSON becomes a GraphQL error that says what came. */
async function ask(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch {
    return faultAnswer("The gateway did not answer. Is it running? Run the query again once it is.", 503);
  }
  const type = response.headers.get("content-type") ?? "";
  if (/json|multipart\/mixed/.test(type)) return response;
  const text = (await response.text()).trim().slice(0, 500);
  return faultAnswer(`The gateway answered ${response.status} without JSON: ${text || response.statusText}`, response.status);
}

function faultAnswer(message: string, status: number): Response {
  return Response.json({ errors: [{ message }] }, { status: status < 400 ? 502 : status });
}

/** Why the gateway refused: the first GraphQL error, or the detail of a problem document (RFC 9457). */
async function explain(response: Response): Promise<string> {
  const body: unknown = await response.clone().json().catch(() => null);
  const { errors, detail, title } = (body ?? {}) as { errors?: { message?: string }[]; detail?: string; title?: string };
  return errors?.[0]?.message ?? detail ?? title ?? "it gave no reason";
}
