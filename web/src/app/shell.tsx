import { useEffect, useRef, useState, type ReactNode } from "react";
import { Link, useLocation, useSearch } from "wouter";

import { AddressNote } from "../filters/address_note";
import { FilterBar } from "../filters/bar";
import { describeAll } from "../filters/sentence";
import { formatSlice, parseSlice } from "../filters/slice";
import { withQuery } from "../filters/use_slice";
import icon from "../icon.svg";
import { JobsMenu } from "../parts/export/jobs_menu";
import { SchedulesButton } from "../schedules/button";
import { useSession } from "../session/session";
import { KeyList } from "./key_list";
import { SITES, siteOf } from "./sites";
import { useKeys } from "./use_keys";
import { ViewerMenu } from "./viewer_menu";

/** What surrounds every page: its name, the pages, the viewer, the filter bar. */
export function Shell({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const search = useSearch();
  const { can } = useSession();
  const [showsKeys, showKeys] = useState(false);
  const bar = useRef<HTMLElement>(null);
  const pages = useRef<HTMLElement>(null);
  const slice = parseSlice(search);
  const query = formatSlice(slice);
  const here = siteOf(path);

  useKeys({ onList: () => showKeys(true), onFilter: () => bar.current?.querySelector<HTMLElement>(".add")?.click(), query });

  // Where the pages are wider than the screen, the one that is shown comes into sight.
  useEffect(() => {
    const shown = pages.current?.querySelector<HTMLElement>("[aria-current]");
    if (!pages.current || !shown) return;
    const [outer, inner] = [pages.current.getBoundingClientRect(), shown.getBoundingClientRect()];
    pages.current.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
  }, [here]);

  return (
    <>
      <a className="skip" href="#content">Skip to the content</a>
      <header className="top">
        <div className="frame">
          <Link href={withQuery("/", query)} className="name">
            <img src={icon} alt="" width="20" height="20" />
            deskgraph
          </Link>
          <nav ref={pages} aria-label="Pages">
            {SITES.filter((site) => can(site.capability)).map((site) => (
              <Link key={site.path} href={withQuery(site.path, query)} aria-current={site === here ? "page" : undefined}>
                {site.name}
              </Link>
            ))}
            {can("queries:adhoc:run") && <a href="/graphql">GraphQL</a>}
          </nav>
          <div className="top-tools">
            <JobsMenu />
            <SchedulesButton />
          </div>
          <ViewerMenu onKeys={() => showKeys(true)} />
        </div>
      </header>
      <search ref={bar} className="filter-bar" aria-label="Filters">
        <div className="frame">
          <FilterBar />
          {here && <AddressNote own={here.own} />}
        </div>
      </search>
      <main id="content" tabIndex={-1}>
        <div className="frame">
          <p className="print-only">{describeAll(slice)}</p>
          {children}
        </div>
      </main>
      {showsKeys && <KeyList onClose={() => showKeys(false)} />}
    </>
  );
}
