import {
  ChangeAction,
  ResourceRecordSetFailover,
  ResourceRecordSetRegion,
  RRType,
  VPCRegion,
} from '@aws-sdk/client-route-53';
import { type Operations, operation } from './operation.ts';
import type { RequestReader } from './requestReader.ts';

/** The operations of Route 53 that the sync and its scenarios use. */
export const route53Operations: Operations = new Map([
  [
    'CreateHostedZone',
    operation(
      (request) => ({
        Name: request.text('Name'),
        CallerReference: request.text('CallerReference'),
        VPC: request.structure('VPC', (vpc) => ({
          VPCId: vpc.text('VPCId'),
          VPCRegion: vpc.choice('VPCRegion', Object.values(VPCRegion)),
        })),
        HostedZoneConfig: request.structure('HostedZoneConfig', (config) => ({
          Comment: config.text('Comment'),
          PrivateZone: config.boolean('PrivateZone'),
        })),
      }),
      (world, input) => world.route53.createHostedZone(input),
    ),
  ],
  [
    'GetHostedZone',
    operation(
      (request) => ({ Id: request.text('Id') }),
      (world, input) => world.route53.getHostedZone(input),
    ),
  ],
  [
    'ListHostedZonesByName',
    operation(
      (request) => ({
        DNSName: request.text('DNSName'),
        HostedZoneId: request.text('HostedZoneId'),
        MaxItems: request.integer('MaxItems'),
      }),
      (world, input) => world.route53.listHostedZonesByName(input),
    ),
  ],
  [
    'ChangeResourceRecordSets',
    operation(
      (request) => ({
        HostedZoneId: request.text('HostedZoneId'),
        ChangeBatch: request.structure('ChangeBatch', (batch) => ({
          Comment: batch.text('Comment'),
          Changes: batch.list('Changes', (change) => ({
            Action: change.choice('Action', Object.values(ChangeAction)),
            ResourceRecordSet: change.structure('ResourceRecordSet', recordSet),
          })),
        })),
      }),
      (world, input, principal) => world.route53.changeResourceRecordSets(input, principal),
    ),
  ],
  [
    'ListResourceRecordSets',
    operation(
      (request) => ({
        HostedZoneId: request.text('HostedZoneId'),
        StartRecordName: request.text('StartRecordName'),
        StartRecordType: request.choice('StartRecordType', Object.values(RRType)),
        StartRecordIdentifier: request.text('StartRecordIdentifier'),
        MaxItems: request.integer('MaxItems'),
      }),
      (world, input) => world.route53.listResourceRecordSets(input),
    ),
  ],
  [
    'GetChange',
    operation(
      (request) => ({ Id: request.text('Id') }),
      (world, input) => world.route53.getChange(input),
    ),
  ],
]);

function recordSet(request: RequestReader) {
  return {
    Name: request.text('Name'),
    Type: request.choice('Type', Object.values(RRType)),
    SetIdentifier: request.text('SetIdentifier'),
    Weight: request.integer('Weight'),
    Region: request.choice('Region', Object.values(ResourceRecordSetRegion)),
    Failover: request.choice('Failover', Object.values(ResourceRecordSetFailover)),
    MultiValueAnswer: request.boolean('MultiValueAnswer'),
    TTL: request.integer('TTL'),
    ResourceRecords: request.list('ResourceRecords', (record) => ({ Value: record.text('Value') })),
    AliasTarget: request.structure('AliasTarget', (target) => ({
      HostedZoneId: target.text('HostedZoneId'),
      DNSName: target.text('DNSName'),
      EvaluateTargetHealth: target.boolean('EvaluateTargetHealth'),
    })),
    HealthCheckId: request.text('HealthCheckId'),
  };
}
