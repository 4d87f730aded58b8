/**
 * Every bound the sync obeys, with its unit in its name. AWS's own limits carry their page; ours carry their reason.
 */

/** Route 53 says changes reach all its name servers "generally within 60 seconds"; the design counts on it where GetChange was not asked. */
const propagationSeconds = 60;

/** The longest that a write can leave after the instant its plan was made: a function that stands still between the two is ended by its timeout. */
const writeSecondsMax = 60;

/** From `written` (or a `leaving` or `joining` instant) until the write may be taken as propagated without asking GetChange. */
export const propagationSecondsMax = propagationSeconds + writeSecondsMax;

/** Instants in a registry entry that lie further ahead of the clock are a clock's mistake, or a hand's: they count as now. */
export const skewSecondsMax = 30;

/** A plan older than this is made again instead of being written, so that `written` is never far from the truth. */
export const planSecondsMax = 5;

/** Reads of EC2 and Auto Scaling are taken to be at most this old. A `Pending` read is a new life only so long after the instance left. */
export const staleSecondsMax = 60;

/** How long the registry entry remembers an instance that left: twice the age of the oldest read. */
export const leavingSeconds = 120;

/** A spot interruption warning comes two minutes ahead; an older one says nothing that EC2's state does not say. */
export const interruptionSecondsMax = 120;

/** How long it is believed of a host that the record still holds: a warned one ends after two minutes, and reads may show it alive for one more. */
export const leavingRecordedSeconds = interruptionSecondsMax + staleSecondsMax + skewSecondsMax;

/** After an accepted write one more pass runs, so that an operator's weight undone by a stale read is undone for moments only. */
export const confirmSeconds = 5;

/** When GetChange is asked whether a write has propagated, counted from the write; after the last, `propagationSecondsMax` decides. */
export const propagationPollsSeconds: readonly number[] = [20, 40, 60, 80, 100];

/** Two explicit denials of an instance must lie at least so far apart before it counts as forgotten. */
export const forgottenSeconds = 60;

/** Recorded instances that EC2 is asked about one by one, in one pass over however many clusters. */
export const forgottenChecksMax = 10;

/** SQS delays a message by at most this (SendMessage, DelaySeconds): longer waits hop. */
export const wakeUpHopSeconds = 900;

/** Writes awaiting propagation that one wake-up follows. */
export const publicationsMax = 4;

/** Times a pass plans anew after a lost swap before its messages go back to the queue. */
export const swapAttemptsMax = 5;

/** Values of one record set (Route 53 quotas). */
export const targetsMax = 400;

/** `ResourceRecord` elements of one change batch (Route 53 quotas). */
export const batchValuesMax = 1000;

/** Hosts whose address records change in one batch of their own: A and AAAA, old and new, stay below `batchValuesMax`. */
export const addressesPerBatchMax = 240;

/** Characters over all values of one change batch, deleted and created ones alike (Route 53 quotas). */
export const batchCharactersMax = 32_000;

/** Characters of the TXT value's fixed part: heritage, owner, serial, written and their quotes. */
export const registryHeadCharactersMax = 300;

/** Characters of one remembered instance: `i-0123456789abcdef0@1790000000,` and its share of quotes and keys. */
export const memoryCharacters = 33;

/** Memories that a full record still leaves room for: without any, nobody could leave it. */
export const memoriesReserved = 20;

/** Instances that one registry entry remembers: a TXT value ends at 4,000 characters (ResourceRecord). */
export const memoriesMax = 110;

/** Characters of one string of a TXT value (RFC 1035, section 3.3.14). */
export const textStringCharactersMax = 255;
