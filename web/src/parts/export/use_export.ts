import { useCallback, useEffect, useRef, useState } from "react";

import { kindOf, RequestFault, type Fault } from "../../api/faults";
import { useSession } from "../../session/session";
import type { FileWish } from "./formats";
import { isUnderway, type Job } from "./job";
import { bodyOf, type ExportOrder } from "./order";
import { cancelJob, followed, order as place, receive, resultOf, save } from "./transfer";

/** Where an export stands. */
export type Stage =
  | { readonly kind: "choosing"; readonly isCancelled: boolean }
  | { readonly kind: "asking" }
  | { readonly kind: "preparing"; readonly job: Job }
  | { readonly kind: "receiving"; readonly bytes: number }
  | { readonly kind: "saved"; readonly name: string; readonly bytes: number }
  /** Of a file that was waited for, or that a worker was to make. */
  | { readonly kind: "refused"; readonly fault: Fault }
  | { readonly kind: "failed"; readonly fault: Fault };

export interface Exporting {
  readonly stage: Stage;
  readonly start: (wish: FileWish) => void;
  /** Goes on where it broke off: a worker's file is followed again, any other is ordered anew. */
  readonly retry: () => void;
  readonly cancel: () => void;
}

/** What a worker says of an export that it could not make. */
class JobFault extends RequestFault {}

/** An export from its order to the saved file. What a worker makes goes on when nobody looks any more. */
export function useExport(order: ExportOrder): Exporting {
  const { refuse } = useSession();
  const [stage, setStage] = useState<Stage>({ kind: "choosing", isCancelled: false });
  const controller = useRef<AbortController>(null);
  const wished = useRef<FileWish>(null);
  const job = useRef<Job>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const failed = useCallback(
    (caught: unknown): void => {
      const fault = caught instanceof RequestFault ? caught : new RequestFault("INTERNAL", String(caught));
      if (fault.kind === "UNAUTHENTICATED") refuse(fault.message);
      setStage({ kind: fault instanceof JobFault ? "failed" : "refused", fault });
    },
    [refuse],
  );

  const run = useCallback(
    (wish: FileWish): void => {
      const running = new AbortController();
      controller.current = running;
      const { signal } = running;
      const show = (next: Stage): void => void (signal.aborted || setStage(next));
      const onJob = (next: Job): void => {
        job.current = next;
        show({ kind: "preparing", job: next });
      };
      const made = async (): Promise<File | null> => {
        let response: Response | null = null;
        if (job.current === null) {
          show({ kind: "asking" });
          response = await place(bodyOf(order, wish), wish.inBackground, signal);
          if (response.status === 202) job.current = (await response.json()) as Job;
        }
        if (job.current !== null) {
          const ended = await followed(job.current, onJob, signal);
          job.current = ended.state === "done" ? ended : null;
          if (ended.state === "failed") throw new JobFault(kindOf(ended.error?.code, 500), ended.error?.message ?? "The export failed.");
          if (ended.state === "cancelled") return null;
          response = await resultOf(ended, signal);
        }
        return response && receive(response, (bytes) => show({ kind: "receiving", bytes }), signal);
      };
      made().then(
        (file) => {
          if (signal.aborted) return;
          job.current = null;
          if (file) save(file);
          setStage(file ? { kind: "saved", name: file.name, bytes: file.size } : { kind: "choosing", isCancelled: true });
        },
        (caught: unknown) => signal.aborted || failed(caught),
      );
    },
    [order, failed],
  );

  const start = useCallback(
    (wish: FileWish): void => {
      wished.current = wish;
      job.current = null;
      run(wish);
    },
    [run],
  );
  const retry = useCallback(() => wished.current && run(wished.current), [run]);
  const cancel = useCallback((): void => {
    controller.current?.abort();
    const left = job.current;
    job.current = null;
    setStage({ kind: "choosing", isCancelled: true });
    if (left && isUnderway(left)) cancelJob(left.id).catch(failed);
  }, [failed]);
  return { stage, start, retry, cancel };
}
