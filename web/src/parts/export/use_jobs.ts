import { useCallback, useEffect, useState } from "react";

import { ask } from "../../api/client";
import { RequestFault, type Fault } from "../../api/faults";
import { ExportJobsDocument } from "../../graphql/graphql";
import { useSession } from "../../session/session";
import { isUnderway, jobOf, type Job } from "./job";
import { cancelJob, EXPORTS_CHANGED, receive, resultOf, save } from "./transfer";

const POLL_MS = 2_000;

export interface Jobs {
  /** The newest first; null until they are there. */
  readonly jobs: readonly Job[] | null;
  readonly fault: Fault | null;
  readonly cancel: (job: Job) => void;
  readonly download: (job: Job) => void;
  readonly retry: () => void;
}

/** The exports that workers make for the viewer, asked again while one is underway. */
export function useJobs(): Jobs {
  const { refuse } = useSession();
  const [jobs, setJobs] = useState<readonly Job[] | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((count) => count + 1), []);

  const failed = useCallback(
    (caught: unknown): void => {
      const found = caught instanceof RequestFault ? caught : new RequestFault("INTERNAL", String(caught));
      if (found.kind === "UNAUTHENTICATED") refuse(found.message);
      setFault(found);
    },
    [refuse],
  );

  useEffect(() => {
    addEventListener(EXPORTS_CHANGED, again);
    return () => removeEventListener(EXPORTS_CHANGED, again);
  }, [again]);

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    ask(ExportJobsDocument, {}, controller.signal).then(
      ({ data }) => {
        const found = (data.exportJobs ?? []).map(jobOf);
        setJobs(found);
        setFault(null);
        if (found.some(isUnderway)) timer = setTimeout(again, POLL_MS);
      },
      (caught: unknown) => controller.signal.aborted || failed(caught),
    );
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [attempt, again, failed]);

  const cancel = useCallback((job: Job): void => void cancelJob(job.id).catch(failed), [failed]);
  const download = useCallback(
    (job: Job): void => {
      const { signal } = new AbortController();
      void resultOf(job, signal)
        .then((response) => receive(response, () => undefined, signal))
        .then(save)
        .catch(failed);
    },
    [failed],
  );
  return { jobs, fault, cancel, download, retry: again };
}
