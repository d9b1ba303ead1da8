/** Why a part is not shown, in its place. */
export const Refused = ({ reason }: { reason: string }) => <p className="refused">{reason}</p>;
