// Tokens of a demo gateway, one a role. Any other gateway has none to give.

export interface DemoToken {
  readonly role: string;
  readonly sub: string;
  readonly scope: string;
  readonly token: string;
}

/** The demo's tokens; none where the gateway is no demo. */
export async function readDemoTokens(): Promise<readonly DemoToken[]> {
  const response = await fetch("/demo/tokens", { cache: "no-store" }).catch(() => null);
  if (!response?.ok) return [];
  const { tokens } = (await response.json()) as { tokens: DemoToken[] };
  return tokens;
}
