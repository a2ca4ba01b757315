-- Names behind the name_id columns.
--
-- @from    StringIds: id, value
-- @column  name_id  int32    Id.
-- @column  name     text     Text.
SELECT s.id AS name_id, s.value AS name FROM StringIds AS s
