/** Whether a viewer may have reports delivered on a schedule. */
export const canSchedule = (can: (capability: string) => boolean): boolean => can("reports:export:create") && can("queries:adhoc:run");
