/** Every way out to people. A fifth channel is one more name here, its folder, and its line in lib. */
export const CHANNELS = ['slack', 'discord', 'zapier', 'pagerduty'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** Channels in which a person can acknowledge; when all of them fail for good the page goes out at once. */
export const HUMAN_CHANNELS = ['slack', 'discord'] as const satisfies readonly ChannelName[];

/** One thing sent for an incident. Zapier has two, so that a failing one never repeats the other. */
export const DELIVERIES = {
  slack: 'slack',
  discord: 'discord',
  'zapier-jira': 'zapier',
  'zapier-finance': 'zapier',
  pagerduty: 'pagerduty',
} as const satisfies Record<string, ChannelName>;
export type DeliveryName = keyof typeof DELIVERIES;
export const DELIVERY_NAMES = Object.keys(DELIVERIES) as [DeliveryName, ...DeliveryName[]];

export const channelOf = (delivery: DeliveryName): ChannelName => DELIVERIES[delivery];

/** The deliveries of a channel, in the order in which they are sent. */
export const deliveriesOf = (channel: ChannelName): DeliveryName[] =>
  DELIVERY_NAMES.filter((delivery) => DELIVERIES[delivery] === channel);
