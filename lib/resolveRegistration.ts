import type { RegistrationSettings } from './registrationSettings.ts';

/** "Generally within 60 seconds": https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html */
const propagationSeconds = 60;
/**
 * What a drain may take beyond its arithmetic before its hook must not run out. A function that stands still between its plan and its write is
 * ended by its timeout, so weight 0 may leave 60 s late, and counts as propagated after 120 s where nobody asked GetChange. The shortest hook
 * thus outlasts 120 s + time to live + drain, which is what `hookProblems.ts` checks. A queue delay, a retried call or a lost swap fits in
 * beside that: a heartbeat restarts the hook's timeout when the drain clock starts.
 */
const slackSecondsMin = 60;
/** What the default adds instead: several sweeps and redeliveries long, and nothing waits for it when all goes well. */
const slackSecondsDefault = 300;
/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html */
const hookTimeoutSecondsMin = 30;
const hookTimeoutSecondsMax = 7200;
/** https://www.rfc-editor.org/rfc/rfc2181#section-8 */
const ttlSecondsMax = 2_147_483_647;
/** https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4, without the root's dot and length bytes */
const nameCharactersMax = 253;
/** Length of an instance id, the longest label we put before a cluster's name. */
const instanceIdCharacters = 'i-0123456789abcdef0'.length;

const numberMax = 65_535;
const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** https://www.rfc-editor.org/rfc/rfc6335#section-5.1, in lower case */
const serviceName = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Registration settings, checked and complete. */
export type Registration = Required<RegistrationSettings>;

/**
 * Fills in the defaults of a group's settings and checks them.
 *
 * @param group what to call the group in messages
 * @param zoneName the zone of the records, or `undefined` where its name is only known at deployment: then lengths are not checked
 * @throws RangeError naming the setting and the value found
 */
export function resolveRegistration(
  settings: RegistrationSettings,
  group: string,
  zoneName: string | undefined,
): Registration {
  const refuse = (setting: string, rule: string, found: string | number): never => {
    throw new RangeError(`Cannot register group "${group}": ${setting} must ${rule}: found ${JSON.stringify(found)}`);
  };
  const inRange = (setting: keyof RegistrationSettings, value: number, lowest: number, highest: number): number =>
    Number.isInteger(value) && value >= lowest && value <= highest
      ? value
      : refuse(setting, `be a whole number from ${lowest} to ${highest}`, value);

  const { cluster, service = 'http' } = settings;
  if (!dnsLabel.test(cluster)) {
    refuse('cluster', 'be a lower-case DNS label (1 to 63 of a-z, 0-9 and inner hyphens)', cluster);
  }
  if (!serviceName.test(service)) {
    refuse('service', 'be 1 to 15 of a-z, 0-9 and single inner hyphens, with a letter, without underscore', service);
  }
  const labelCharactersMax = Math.max(instanceIdCharacters, `_${service}._tcp`.length);
  if (zoneName !== undefined && `.${cluster}.${zoneName}`.length + labelCharactersMax > nameCharactersMax) {
    refuse('cluster', `leave every name in zone "${zoneName}" within ${nameCharactersMax} characters`, cluster);
  }
  const ttlSeconds = inRange('ttlSeconds', settings.ttlSeconds ?? 10, 1, ttlSecondsMax);
  const drainSeconds = inRange('drainSeconds', settings.drainSeconds ?? 60, 0, hookTimeoutSecondsMax);
  const drainInFullSeconds = propagationSeconds + ttlSeconds + drainSeconds;
  const drainSecondsMax = hookTimeoutSecondsMax - propagationSeconds - ttlSeconds - slackSecondsMin - 1;
  if (settings.terminateHookTimeoutSeconds === undefined && drainSeconds > drainSecondsMax) {
    const rule = `be at most ${drainSecondsMax}, so that propagation, TTL, drain and slack fit a hook's ${hookTimeoutSecondsMax} seconds`;
    refuse('drainSeconds', rule, drainSeconds);
  }
  const terminateHookTimeoutSeconds = inRange(
    'terminateHookTimeoutSeconds',
    settings.terminateHookTimeoutSeconds ?? Math.min(drainInFullSeconds + slackSecondsDefault, hookTimeoutSecondsMax),
    hookTimeoutSecondsMin,
    hookTimeoutSecondsMax,
  );
  if (terminateHookTimeoutSeconds <= drainInFullSeconds + slackSecondsMin) {
    refuse(
      'terminateHookTimeoutSeconds',
      `exceed ${drainInFullSeconds + slackSecondsMin} (propagation ${propagationSeconds} + ttlSeconds ${ttlSeconds} + ` +
        `drainSeconds ${drainSeconds} + slack ${slackSecondsMin}) and be at most ${hookTimeoutSecondsMax}`,
      terminateHookTimeoutSeconds,
    );
  }
  return {
    cluster,
    service,
    port: inRange('port', settings.port ?? 443, 1, numberMax),
    weight: inRange('weight', settings.weight ?? numberMax, 0, numberMax),
    priority: inRange('priority', settings.priority ?? 0, 0, numberMax),
    ttlSeconds,
    drainSeconds,
    launchHookTimeoutSeconds: inRange(
      'launchHookTimeoutSeconds',
      settings.launchHookTimeoutSeconds ?? 300,
      hookTimeoutSecondsMin,
      hookTimeoutSecondsMax,
    ),
    terminateHookTimeoutSeconds,
  };
}
