-- Who follows no team has no row from now on: it said nothing, and outlived the account of whoever was erased.
DELETE FROM "team_followers" WHERE "team_ids" = '{}';
