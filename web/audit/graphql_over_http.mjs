// Prints what the GraphQL-over-HTTP audit finds at an address, as JSON: a list of {id, name, status, reason}.
//   graphql_over_http.mjs http://127.0.0.1:8000/graphql    with a bearer token on standard input
import { text } from "node:stream/consumers";
import { serverAudits } from "graphql-http";

const token = (await text(process.stdin)).trim();

const withToken = (url, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  return fetch(url, { ...init, headers });
};

const found = [];
for (const audit of serverAudits({ url: process.argv[2], fetchFn: withToken })) {
  const { id, name, status, reason } = await audit.fn();
  found.push({ id, name, status, reason });
}
process.stdout.write(JSON.stringify(found));
