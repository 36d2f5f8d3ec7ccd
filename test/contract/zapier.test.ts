import { describeChannelContract } from './channel-contract.ts';
import { zapierKit } from './support/zapier-kit.ts';

describeChannelContract(zapierKit);
