/** One part of a wildcard expression: a character that stands for itself, or a wildcard. */
export type WildcardToken = { readonly character: string } | 'anyText' | 'anyCharacter';

/** Tells whether a whole text matches a wildcard expression; how one is written differs from service to service. */
export function wildcardMatcher(tokens: readonly WildcardToken[]): (text: string) => boolean {
  const expression = new RegExp(`^${tokens.map(source).join('')}$`, 'su');
  return (text) => expression.test(text);
}

function source(token: WildcardToken): string {
  if (token === 'anyText') {
    return '.*';
  }
  return token === 'anyCharacter' ? '.' : token.character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}
