import { AwsError } from '../awsError.ts';
import { autoScalingOperations } from './autoScalingOperations.ts';
import { awsQueryProtocol } from './awsQueryProtocol.ts';
import type { Protocol } from './protocol.ts';

/** Auto Scaling's protocol. */
export const autoScalingProtocol: Protocol = awsQueryProtocol({
  operations: autoScalingOperations,
  malformedError: 'ValidationError',
  namespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  unknownAction: (action) => new AwsError('InvalidAction', `Could not find operation ${action} for version 2011-01-01`),
  naming: () => ({ member: (name) => name, item: () => 'member' }),
  errorCode: wireCode,
});

/** The service's model calls its errors `ResourceContentionFault` and so on; on the wire the code lacks the ending. */
function wireCode(name: string): string {
  return name.endsWith('Fault') ? name.slice(0, -'Fault'.length) : name;
}
