export {
  CONSOLE_HEADER,
  type Delivery,
  type GameDayReport,
  type LiveFacts,
  type LiveQueue,
  type OutboxPage,
  type PlayedGameDay,
  type RegionFacts,
  type ShownGameDay,
  type System,
} from "./contract/region.ts";
