-- The projection: what the journal says, laid out for counting. Everything here can be rebuilt from the journal.
-- Numbers (environment, context, customer, click_target, event_name) are given in the order of first appearance, without gaps
-- but those of erased customers. Times: event_time in Unix seconds, received_at in Unix milliseconds.

CREATE TABLE IF NOT EXISTS projection_state (
  layout INTEGER NOT NULL,
  position BIGINT NOT NULL,          -- every record up to here is in the tables below, and none after it
  received_at BIGINT NOT NULL);      -- when that record was received

CREATE TABLE IF NOT EXISTS environments (environment INTEGER NOT NULL, id VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS customers (customer INTEGER NOT NULL, environment INTEGER NOT NULL, customer_id VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS click_targets (click_target INTEGER NOT NULL, environment INTEGER NOT NULL, b_id VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS contexts (
  context INTEGER NOT NULL,
  environment INTEGER NOT NULL,
  experience_id VARCHAR NOT NULL,    -- the part of the cid before its first '_'
  cid VARCHAR NOT NULL,
  experience VARCHAR NOT NULL,
  locale_id VARCHAR NOT NULL,
  variation_id VARCHAR NOT NULL,
  audience_name VARCHAR NOT NULL,
  audience_id VARCHAR NOT NULL,
  type VARCHAR);

CREATE TABLE IF NOT EXISTS events (
  environment INTEGER NOT NULL,
  context INTEGER NOT NULL,
  customer INTEGER NOT NULL,
  action UTINYINT NOT NULL,          -- 0 impression, 1 click
  platform UTINYINT NOT NULL,        -- 0 Unknown, 1 web, 2 android, 3 ios, 4 tv
  event_time BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  position BIGINT NOT NULL,          -- the journal record that brought it
  element_index INTEGER NOT NULL,    -- its place in that request
  action_index INTEGER NOT NULL,
  uuid UUID NOT NULL,
  click_target INTEGER,
  timezone_offset INTEGER,
  attributes VARCHAR);               -- further attributes, a JSON object

CREATE TABLE IF NOT EXISTS event_names (event_name INTEGER NOT NULL, environment INTEGER NOT NULL, name VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS goal_events (  -- what customers did elsewhere, such as ordering; whether it is a goal is asked by reports
  environment INTEGER NOT NULL,
  event_name INTEGER NOT NULL,
  customer INTEGER NOT NULL,
  platform UTINYINT NOT NULL,        -- as in events
  event_time BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  action_index INTEGER NOT NULL,     -- its place in that request, which is about one customer
  uuid UUID,                         -- NULL when the client gave none: such an event is never a duplicate
  timezone_offset INTEGER,
  app_version VARCHAR,
  attributes VARCHAR);               -- as sent, a JSON object

CREATE TABLE IF NOT EXISTS duplicates (
  environment INTEGER NOT NULL,
  uuid UUID NOT NULL,
  received_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  element_index INTEGER NOT NULL,
  action_index INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS rejections (
  environment INTEGER NOT NULL,
  uuid UUID,                         -- NULL when none could be read
  received_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  element_index INTEGER NOT NULL,
  action_index INTEGER NOT NULL,
  reason UTINYINT NOT NULL);

CREATE TABLE IF NOT EXISTS erasures (  -- which journal records erased customers
  position BIGINT NOT NULL,
  environment INTEGER NOT NULL,
  received_at BIGINT NOT NULL);

CREATE TABLE IF NOT EXISTS erased_customers (customer INTEGER NOT NULL);  -- whose ids are gone; their numbers are not given again

CREATE TABLE IF NOT EXISTS erased_events (  -- what is left of their events
  environment INTEGER NOT NULL,
  uuid UUID,                         -- NULL for a goal event without one
  received_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  element_index INTEGER NOT NULL,    -- -1 for a goal event
  action_index INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS retentions (  -- which journal records made hourly figures of single events
  position BIGINT NOT NULL,
  environment INTEGER NOT NULL,
  received_at BIGINT NOT NULL,
  until BIGINT NOT NULL);            -- of events that happened before this

CREATE TABLE IF NOT EXISTS rolled_events (  -- what is left of those events: enough to tell a repetition and to balance the books
  environment INTEGER NOT NULL,
  uuid UUID,                         -- NULL for a goal event without one
  received_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  element_index INTEGER NOT NULL,    -- -1 for a goal event
  action_index INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS rolled_figures (  -- how many they were; several rows of one place are added up
  environment INTEGER NOT NULL,
  starts_at BIGINT NOT NULL,         -- when the hour begins, in Unix seconds
  context INTEGER NOT NULL,
  platform UTINYINT NOT NULL,
  action UTINYINT NOT NULL,
  click_target INTEGER NOT NULL,     -- 0: none
  events BIGINT NOT NULL);

CREATE TABLE IF NOT EXISTS rolled_customers (  -- whose they were: HyperLogLog sketches, a row for each register that is not empty
  environment INTEGER NOT NULL,
  starts_at BIGINT NOT NULL,
  context INTEGER NOT NULL,
  platform UTINYINT NOT NULL,
  action UTINYINT NOT NULL,
  click_target INTEGER NOT NULL,
  register USMALLINT NOT NULL,
  rank UTINYINT NOT NULL);

CREATE TABLE IF NOT EXISTS rolled_conversions (  -- what goal events counted for among them
  environment INTEGER NOT NULL,
  starts_at BIGINT NOT NULL,
  experience_id VARCHAR NOT NULL,
  variation_id VARCHAR NOT NULL,
  audience_id VARCHAR NOT NULL,
  locale_id VARCHAR NOT NULL,
  platform UTINYINT NOT NULL,
  b_id VARCHAR,
  model UTINYINT NOT NULL,           -- 0 view-through, 1 click-through, 2 in-session
  goal VARCHAR NOT NULL,
  conversions BIGINT NOT NULL,
  unique_conversions BIGINT NOT NULL,
  is_revenue BOOLEAN NOT NULL,       -- whether these are the conversions in one currency, and not all
  currency VARCHAR,                  -- NULL where nobody named one
  revenue HUGEINT NOT NULL,          -- in millionths
  without_revenue BIGINT NOT NULL);

CREATE TABLE IF NOT EXISTS intake (  -- counted at the door, apart from what became of the events
  environment INTEGER NOT NULL,
  received_minute BIGINT NOT NULL,   -- Unix minutes
  refusal UTINYINT NOT NULL,         -- why the request was refused; 0 when it was not
  requests BIGINT NOT NULL,
  events BIGINT NOT NULL);

CREATE TABLE IF NOT EXISTS deliveries (  -- how often experiences were delivered, whether shown or not
  environment INTEGER NOT NULL,
  experience_id VARCHAR NOT NULL,
  experience VARCHAR NOT NULL,
  version INTEGER NOT NULL,
  audience_id VARCHAR NOT NULL,
  audience_name VARCHAR NOT NULL,
  variation_id VARCHAR NOT NULL,
  hour BIGINT NOT NULL,              -- Unix hours
  delivered BIGINT NOT NULL);

CREATE TABLE IF NOT EXISTS profiles (customer INTEGER NOT NULL, updated_at BIGINT NOT NULL, attributes VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS quarantine (position BIGINT NOT NULL, last_position BIGINT NOT NULL, reason VARCHAR NOT NULL);

-- Up to which position nothing that was deleted is left in the file's bytes.
CREATE TABLE IF NOT EXISTS projection_renewal (position BIGINT NOT NULL);
INSERT INTO projection_renewal SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM projection_renewal);

INSERT INTO projection_state SELECT 1, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM projection_state);
