// The types of what is asked about tickets, and of what comes back.

import type { Whole } from "../../api/client";
import type { PageFragment, TicketsQuery } from "../../graphql/graphql";

export type TicketsAnswer = Whole<TicketsQuery>;
export type Ticket = PageFragment["nodes"][number];
