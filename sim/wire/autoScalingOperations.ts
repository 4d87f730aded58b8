import { RetentionAction, WarmPoolState } from '@aws-sdk/client-auto-scaling';
import { type Operations, operation } from './operation.ts';
import type { RequestReader } from './requestReader.ts';

/** The operations of Auto Scaling that the sync and its scenarios use. */
export const autoScalingOperations: Operations = new Map([
  [
    'CreateAutoScalingGroup',
    operation(
      (request) => ({
        ...groupSettings(request),
        MinSize: request.integer('MinSize'),
        MaxSize: request.integer('MaxSize'),
        LifecycleHookSpecificationList: request.list('LifecycleHookSpecificationList', hook),
        Tags: request.list('Tags', tag),
      }),
      (world, input) => world.autoScaling.createAutoScalingGroup(input),
    ),
  ],
  [
    'UpdateAutoScalingGroup',
    operation(
      (request) => ({
        ...groupSettings(request),
        MinSize: request.integer('MinSize'),
        MaxSize: request.integer('MaxSize'),
      }),
      (world, input) => world.autoScaling.updateAutoScalingGroup(input),
    ),
  ],
  [
    'SetDesiredCapacity',
    operation(
      (request) => ({
        AutoScalingGroupName: request.text('AutoScalingGroupName'),
        DesiredCapacity: request.integer('DesiredCapacity'),
        HonorCooldown: request.boolean('HonorCooldown'),
      }),
      (world, input) => world.autoScaling.setDesiredCapacity(input),
    ),
  ],
  [
    'DeleteAutoScalingGroup',
    operation(
      (request) => ({
        AutoScalingGroupName: request.text('AutoScalingGroupName'),
        ForceDelete: request.boolean('ForceDelete'),
      }),
      (world, input) => world.autoScaling.deleteAutoScalingGroup(input),
    ),
  ],
  [
    'DescribeAutoScalingGroups',
    operation(
      (request) => ({
        AutoScalingGroupNames: request.texts('AutoScalingGroupNames'),
        IncludeInstances: request.boolean('IncludeInstances'),
        Filters: request.list('Filters', (filter) => ({ Name: filter.text('Name'), Values: filter.texts('Values') })),
        ...page(request),
      }),
      (world, input) => world.autoScaling.describeAutoScalingGroups(input),
    ),
  ],
  [
    'DescribeAutoScalingInstances',
    operation(
      (request) => ({ InstanceIds: request.texts('InstanceIds'), ...page(request) }),
      (world, input) => world.autoScaling.describeAutoScalingInstances(input),
    ),
  ],
  [
    'DescribeLifecycleHooks',
    operation(
      (request) => ({
        AutoScalingGroupName: request.text('AutoScalingGroupName'),
        LifecycleHookNames: request.texts('LifecycleHookNames'),
      }),
      (world, input) => world.autoScaling.describeLifecycleHooks(input),
    ),
  ],
  [
    'PutLifecycleHook',
    operation(
      (request) => ({ AutoScalingGroupName: request.text('AutoScalingGroupName'), ...hook(request) }),
      (world, input) => world.autoScaling.putLifecycleHook(input),
    ),
  ],
  [
    'DeleteLifecycleHook',
    operation(
      (request) => ({
        AutoScalingGroupName: request.text('AutoScalingGroupName'),
        LifecycleHookName: request.text('LifecycleHookName'),
      }),
      (world, input) => world.autoScaling.deleteLifecycleHook(input),
    ),
  ],
  [
    'CompleteLifecycleAction',
    operation(
      (request) => ({ ...lifecycleAction(request), LifecycleActionResult: request.text('LifecycleActionResult') }),
      (world, input) => world.autoScaling.completeLifecycleAction(input),
    ),
  ],
  [
    'RecordLifecycleActionHeartbeat',
    operation(lifecycleAction, (world, input) => world.autoScaling.recordLifecycleActionHeartbeat(input)),
  ],
  [
    'TerminateInstanceInAutoScalingGroup',
    operation(
      (request) => ({
        InstanceId: request.text('InstanceId'),
        ShouldDecrementDesiredCapacity: request.boolean('ShouldDecrementDesiredCapacity'),
      }),
      (world, input) => world.autoScaling.terminateInstanceInAutoScalingGroup(input),
    ),
  ],
  ['EnterStandby', operation(leaving, (world, input) => world.autoScaling.enterStandby(input))],
  ['ExitStandby', operation(members, (world, input) => world.autoScaling.exitStandby(input))],
  ['DetachInstances', operation(leaving, (world, input) => world.autoScaling.detachInstances(input))],
  ['AttachInstances', operation(members, (world, input) => world.autoScaling.attachInstances(input))],
  [
    'PutWarmPool',
    operation(
      (request) => ({
        AutoScalingGroupName: request.text('AutoScalingGroupName'),
        MaxGroupPreparedCapacity: request.integer('MaxGroupPreparedCapacity'),
        MinSize: request.integer('MinSize'),
        PoolState: request.choice('PoolState', Object.values(WarmPoolState)),
        InstanceReusePolicy: request.structure('InstanceReusePolicy', (policy) => ({
          ReuseOnScaleIn: policy.boolean('ReuseOnScaleIn'),
        })),
      }),
      (world, input) => world.autoScaling.putWarmPool(input),
    ),
  ],
  [
    'DescribeWarmPool',
    operation(
      (request) => ({ AutoScalingGroupName: request.text('AutoScalingGroupName'), ...page(request) }),
      (world, input) => world.autoScaling.describeWarmPool(input),
    ),
  ],
  [
    'DeleteWarmPool',
    operation(
      (request) => ({
        AutoScalingGroupName: request.text('AutoScalingGroupName'),
        ForceDelete: request.boolean('ForceDelete'),
      }),
      (world, input) => world.autoScaling.deleteWarmPool(input),
    ),
  ],
  ['CreateOrUpdateTags', operation(tags, (world, input) => world.autoScaling.createOrUpdateTags(input))],
  ['DeleteTags', operation(tags, (world, input) => world.autoScaling.deleteTags(input))],
]);

function groupSettings(request: RequestReader) {
  return {
    AutoScalingGroupName: request.text('AutoScalingGroupName'),
    DesiredCapacity: request.integer('DesiredCapacity'),
    AvailabilityZones: request.texts('AvailabilityZones'),
    VPCZoneIdentifier: request.text('VPCZoneIdentifier'),
    NewInstancesProtectedFromScaleIn: request.boolean('NewInstancesProtectedFromScaleIn'),
    InstanceLifecyclePolicy: request.structure('InstanceLifecyclePolicy', (policy) => ({
      RetentionTriggers: policy.structure('RetentionTriggers', (triggers) => ({
        TerminateHookAbandon: triggers.choice('TerminateHookAbandon', Object.values(RetentionAction)),
      })),
    })),
  };
}

function hook(request: RequestReader) {
  return {
    LifecycleHookName: request.text('LifecycleHookName'),
    LifecycleTransition: request.text('LifecycleTransition'),
    NotificationMetadata: request.text('NotificationMetadata'),
    NotificationTargetARN: request.text('NotificationTargetARN'),
    RoleARN: request.text('RoleARN'),
    HeartbeatTimeout: request.integer('HeartbeatTimeout'),
    DefaultResult: request.text('DefaultResult'),
  };
}

function lifecycleAction(request: RequestReader) {
  return {
    AutoScalingGroupName: request.text('AutoScalingGroupName'),
    LifecycleHookName: request.text('LifecycleHookName'),
    LifecycleActionToken: request.text('LifecycleActionToken'),
    InstanceId: request.text('InstanceId'),
  };
}

function members(request: RequestReader) {
  return { AutoScalingGroupName: request.text('AutoScalingGroupName'), InstanceIds: request.texts('InstanceIds') };
}

function leaving(request: RequestReader) {
  return { ...members(request), ShouldDecrementDesiredCapacity: request.boolean('ShouldDecrementDesiredCapacity') };
}

function page(request: RequestReader) {
  return { MaxRecords: request.integer('MaxRecords'), NextToken: request.text('NextToken') };
}

function tag(request: RequestReader) {
  return {
    ResourceId: request.text('ResourceId'),
    ResourceType: request.text('ResourceType'),
    Key: request.text('Key'),
    Value: request.text('Value'),
    PropagateAtLaunch: request.boolean('PropagateAtLaunch'),
  };
}

function tags(request: RequestReader) {
  return { Tags: request.list('Tags', tag) };
}
