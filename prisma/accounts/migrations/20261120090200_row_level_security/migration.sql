-- ACC-17, BUG-08. The second wall: with every check of the application forgotten, a person still reads and changes
-- nothing but their own rows, and a transaction that does not say for whom it acts sees none.

CREATE FUNCTION app_user_id() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('app.user_id', true), '')::uuid
$$;

-- Work before anybody is known (sign-in), jobs, and privileged operations whose scope was checked.
CREATE FUNCTION app_is_system() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('app.system', true) = 'on', false)
$$;

-- Whether either of the two blocked the other. Runs as the owner: a block is shown to nobody but who made it, yet it
-- must be able to stop a follow.
CREATE FUNCTION is_block_between_caller_and(other uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM user_blocks
    WHERE (blocker_id, blocked_id) IN ((other, app_user_id()), (app_user_id(), other))
  )
$$;

-- Whose account a name or an address is: asked before anybody is known. It runs as the owner, because behind row-level
-- security no index on citext is used (its operators could leak what they compare), and each sign-in would read every
-- account. It answers to the system alone. A user name has no @, an address has one: at most one account has it.
CREATE FUNCTION user_id_of(login citext) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id FROM users WHERE app_is_system() AND (username = login OR email = login)
$$;

-- FORCE: should the application ever run as the owner by mistake, the wall stands all the same.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
ALTER TABLE user_roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_roles FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE auth_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth_identities FORCE ROW LEVEL SECURITY;
ALTER TABLE revoked_external_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE revoked_external_sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE follows ENABLE ROW LEVEL SECURITY;
ALTER TABLE follows FORCE ROW LEVEL SECURITY;
ALTER TABLE subscriptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE subscriptions FORCE ROW LEVEL SECURITY;
ALTER TABLE user_blocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_blocks FORCE ROW LEVEL SECURITY;
ALTER TABLE user_mutes ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_mutes FORCE ROW LEVEL SECURITY;
ALTER TABLE sign_in_throttles ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_throttles FORCE ROW LEVEL SECURITY;
ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasures FORCE ROW LEVEL SECURITY;
ALTER TABLE erasure_receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasure_receipts FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;

-- The system sees and does all.
CREATE POLICY system ON users USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON user_roles USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON sessions USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON auth_identities USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON revoked_external_sessions USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON api_keys USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON follows USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON subscriptions USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON user_blocks USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON user_mutes USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON sign_in_throttles USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON signing_keys USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON invitations USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON erasures USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON erasure_receipts USING (app_is_system()) WITH CHECK (app_is_system());
CREATE POLICY system ON audit_log FOR SELECT USING (app_is_system());
-- What one did oneself is one's own.
CREATE POLICY own_read ON audit_log FOR SELECT USING (actor_user_id = app_user_id());
-- Everybody who acts leaves a trace, under their own name.
CREATE POLICY append ON audit_log FOR INSERT WITH CHECK (app_is_system() OR actor_user_id = app_user_id());

-- A person sees and changes what is their own. What is not listed for a verb is refused.
CREATE POLICY own_read ON users FOR SELECT USING (id = app_user_id());
CREATE POLICY own_change ON users FOR UPDATE USING (id = app_user_id()) WITH CHECK (id = app_user_id());
CREATE POLICY own_read ON user_roles FOR SELECT USING (user_id = app_user_id());
CREATE POLICY own_read ON sessions FOR SELECT USING (user_id = app_user_id());
CREATE POLICY own_change ON sessions FOR UPDATE USING (user_id = app_user_id()) WITH CHECK (user_id = app_user_id());
CREATE POLICY own_read ON auth_identities FOR SELECT USING (user_id = app_user_id());
CREATE POLICY own_remove ON auth_identities FOR DELETE USING (user_id = app_user_id());
CREATE POLICY own_read ON api_keys FOR SELECT USING (owner_id = app_user_id());
CREATE POLICY own_change ON api_keys FOR UPDATE USING (owner_id = app_user_id()) WITH CHECK (owner_id = app_user_id());
CREATE POLICY either_side_read ON follows FOR SELECT USING (app_user_id() IN (follower_id, following_id));
CREATE POLICY own_add ON follows FOR INSERT
  WITH CHECK (follower_id = app_user_id() AND NOT coalesce(is_block_between_caller_and(following_id), false));
-- Whom one follows, and who follows oneself: both may end it.
CREATE POLICY either_side_remove ON follows FOR DELETE USING (app_user_id() IN (follower_id, following_id));
CREATE POLICY either_side_read ON subscriptions FOR SELECT USING (app_user_id() IN (subscriber_id, creator_id));
-- One may end one's own membership, and only end it.
CREATE POLICY own_end ON subscriptions FOR UPDATE
  USING (subscriber_id = app_user_id() AND is_active) WITH CHECK (subscriber_id = app_user_id() AND NOT is_active);
CREATE POLICY own ON user_blocks USING (blocker_id = app_user_id()) WITH CHECK (blocker_id = app_user_id());
CREATE POLICY own ON user_mutes USING (muter_id = app_user_id()) WITH CHECK (muter_id = app_user_id());
CREATE POLICY own_read ON invitations FOR SELECT USING (accepted_by = app_user_id());
CREATE POLICY own_read ON erasures FOR SELECT USING (user_id = app_user_id());
CREATE POLICY own_read ON erasure_receipts FOR SELECT
  USING (EXISTS (SELECT FROM erasures WHERE erasures.id = erasure_id AND erasures.user_id = app_user_id()));

-- The public views, the block check and the audit chain read as the owner, who never runs the application.
CREATE POLICY owner_read ON users FOR SELECT TO accounts_owner USING (true);
CREATE POLICY owner_read ON follows FOR SELECT TO accounts_owner USING (true);
CREATE POLICY owner_read ON subscriptions FOR SELECT TO accounts_owner USING (true);
CREATE POLICY owner_read ON user_blocks FOR SELECT TO accounts_owner USING (true);
CREATE POLICY owner_read ON audit_log FOR SELECT TO accounts_owner USING (true);
