-- migrate:up

-- Which image of the build containers builds run in; null for the newest. A trigger's counts before
-- its account's.
alter table accounts add column build_image text;
alter table triggers add column build_image text;

-- migrate:down

alter table triggers drop column build_image;
alter table accounts drop column build_image;
