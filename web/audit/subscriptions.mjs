// Subscribes by npm's graphql-ws and graphql-sse, and prints each answer as a line: [client, result].
// Reads {token, query} as the first line of its input; ends with its input.

import { createInterface } from "node:readline";

import { createClient as createEvents } from "graphql-sse";
import { createClient as createSocket } from "graphql-ws";
import { WebSocket } from "ws";

const [address] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const { token, query } = JSON.parse((await input[Symbol.asyncIterator]().next()).value);
const authorization = `Bearer ${token}`;

const clients = {
  "graphql-ws": createSocket({ url: address.replace(/^http/, "ws"), webSocketImpl: WebSocket, connectionParams: { authorization }, retryAttempts: 0 }),
  "graphql-sse": createEvents({ url: address, headers: { authorization }, retryAttempts: 0 }),
};

function fail(fault) {
  console.error(fault);
  process.exit(1);
}

const print = (name) => (result) => process.stdout.write(`${JSON.stringify([name, result])}\n`);
const ends = Object.entries(clients).map(([name, client]) =>
  client.subscribe({ query }, { next: print(name), error: fail, complete: () => {} }),
);
input.on("close", () => {
  for (const end of ends) end();
  for (const client of Object.values(clients)) client.dispose();
});
