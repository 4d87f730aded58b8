import { wildcardMatcher } from '../wildcard.ts';

/**
 * Whether a value matches a pattern of IAM: `*` stands for any characters, `?` for one, all else for itself; case-sensitive.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesWildcard(value: string, pattern: string): boolean {
  const tokens = Array.from(pattern, (character) => {
    if (character === '*') {
      return 'anyText';
    }
    return character === '?' ? 'anyCharacter' : { character };
  });
  return wildcardMatcher(tokens)(value);
}
