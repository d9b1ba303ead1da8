/** Where the query editor opens with a document and its variables. The token stays in the tab's session. */
export function editorAddress(query: string, variables: object | null = null): string {
  const given = new URLSearchParams({ query, ...(variables && { variables: JSON.stringify(variables, null, 2) }) });
  return `/graphql?${given}`;
}
