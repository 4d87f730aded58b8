/** Is this an IPv4 address, or an IPv6 address without a dotted part? In lower case. One value that is none has Route 53 refuse the whole batch. */
export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

function isIpv4(text: string): boolean {
  const numbers = text.split('.');
  return (
    numbers.length === 4 && numbers.every((number) => /^(?:0|[1-9]\d{0,2})$/.test(number) && Number(number) <= 255)
  );
}

/** Eight groups, or fewer with `::` once in the place of the others (RFC 4291, section 2.2). */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const enough = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
  return enough && groups.every((group) => /^[0-9a-f]{1,4}$/.test(group));
}
