const octalEscape = /\\([0-7]{3})/gu;
const plainCharacter = /[a-z0-9_-]/u;
/** Names that are canonical as they are, as nearly all are: looked at first, since names are read in every listing and every change. */
const isPlain = /^[a-z0-9_.-]*$/u;

/**
 * A name as Route 53 stores and returns it: lower case, with a trailing dot, every byte but letters, digits, `-` and `_` as `\ooo` in octal
 * (so `*` is `\052`).
 *
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
 */
export function canonicalName(name: string): string {
  const absolute = name.endsWith('.') ? name : `${name}.`;
  if (isPlain.test(absolute)) {
    return absolute;
  }
  return absolute
    .replace(/[^\\.]/gu, (character) => Array.from(Buffer.from(character.toLowerCase()), escapeByte).join(''))
    .replace(octalEscape, (_, octal: string) => escapeByte(Number.parseInt(octal, 8)));
}

/** Whether a canonical name is that of the zone or lies below it. */
export function isInZone(name: string, zoneName: string): boolean {
  return name === zoneName || name.endsWith(`.${zoneName}`);
}

/**
 * What Route 53 sorts canonical names by: the labels in reverse, the trailing dot included, so that `web-api` comes before `web` and all
 * names below `web` follow it without a gap.
 *
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
 */
export function sortKey(name: string): string {
  return `${name.split('.').filter(isNotEmpty).map(unescapeLabel).toReversed().join('.')}.`;
}

/** Why a domain name is none, in Route 53's words, or `undefined` where it is one (RFC 1035 lengths). */
export function domainNameFault(name: string): string | undefined {
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.').map(unescapeLabel);
  if (labels.some((label) => label.length === 0)) {
    return 'DomainLabelEmpty (Domain label is empty)';
  }
  if (labels.some((label) => label.length > labelOctetsMax)) {
    return 'DomainLabelTooLong (Domain label is too long)';
  }
  return labels.join('.').length + 2 > nameOctetsMax ? 'DomainNameTooLong (Domain name is too long)' : undefined;
}

const labelOctetsMax = 63;
const nameOctetsMax = 255;

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte).toLowerCase();
  return plainCharacter.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}

function unescapeLabel(label: string): string {
  if (!label.includes('\\')) {
    return label;
  }
  return label.replace(octalEscape, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function isNotEmpty(label: string): boolean {
  return label.length > 0;
}
