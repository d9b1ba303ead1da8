import { formatInstant } from "../../figures/dates";
import { useSlice } from "../../filters/use_slice";
import { useSession } from "../../session/session";
import { FaultNote } from "../fault_note";
import { Popover } from "../popover";
import { Skeleton } from "../skeleton";
import { FORMATS, type FormatName } from "./formats";
import { describeJob, isUnderway, type Job } from "./job";
import { REPORTS, type ReportName } from "./order";
import { useJobs, type Jobs } from "./use_jobs";
import "./jobs_menu.css";

/** The exports that workers make, for who may have any. */
export function JobsMenu() {
  const { can } = useSession();
  if (!can("reports:export:create")) return null;
  return (
    <div className="export-jobs">
      <Popover label="Exports" side="end" className="bare" face={<><span aria-hidden="true" className="sign">↓</span><span className="word">Exports</span></>}>
        {() => <List />}
      </Popover>
    </div>
  );
}

function List() {
  const jobs = useJobs();
  const { fault, retry } = jobs;
  return (
    <div className="export-list">
      {fault && <FaultNote fault={fault} onRetry={retry} />}
      {jobs.jobs === null && !fault && <Skeleton height={56} />}
      {jobs.jobs?.length === 0 && <p className="quiet">Nothing is being prepared. A large export, or one in the background, is listed here until it expires.</p>}
      {jobs.jobs && jobs.jobs.length > 0 && (
        <ul aria-label="Exports">
          {jobs.jobs.map((job) => (
            <One key={job.id} job={job} jobs={jobs} />
          ))}
        </ul>
      )}
    </div>
  );
}

function One({ job, jobs: { cancel, download } }: { job: Job; jobs: Jobs }) {
  const { slice } = useSlice();
  const report = REPORTS[job.report as ReportName].label;
  const name = job.fileName ?? `${report}, ${FORMATS[job.format as FormatName].label}`;
  return (
    <li>
      <div>
        <span className="export-name">{name}</span>
        <span className={job.state === "failed" ? "fault" : "quiet"}>
          {describeJob(job)} · {formatInstant(job.createdAt, slice.timezone)}
        </span>
        {job.state === "running" && <progress aria-label={`Progress of ${name}`} value={job.progress.share ?? undefined} />}
      </div>
      {isUnderway(job) && <button type="button" aria-label={`Cancel ${name}`} onClick={() => cancel(job)}>Cancel</button>}
      {job.state === "done" && <button type="button" aria-label={`Download ${name}`} onClick={() => download(job)}>Download</button>}
    </li>
  );
}
