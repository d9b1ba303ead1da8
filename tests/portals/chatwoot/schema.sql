-- The tables of Chatwoot 4 that tell of conversations: names, types, defaults, indexes and triggers as its own schema has them.
CREATE TABLE accounts (
    id serial PRIMARY KEY, name varchar NOT NULL, created_at timestamp NOT NULL, updated_at timestamp NOT NULL,
    locale integer DEFAULT 0, status integer DEFAULT 0, auto_resolve_duration integer, settings jsonb DEFAULT '{}'
);
CREATE TABLE users (
    id serial PRIMARY KEY, provider varchar NOT NULL DEFAULT 'email', uid varchar NOT NULL DEFAULT '',
    encrypted_password varchar NOT NULL DEFAULT '', reset_password_token varchar, name varchar NOT NULL,
    display_name varchar, email varchar, tokens json, pubsub_token varchar, availability integer DEFAULT 0,
    type varchar, created_at timestamp NOT NULL, updated_at timestamp NOT NULL
);
CREATE UNIQUE INDEX index_users_on_uid_and_provider ON users (uid, provider);
CREATE TABLE account_users (
    id bigserial PRIMARY KEY, account_id bigint, user_id bigint, role integer DEFAULT 0, inviter_id bigint,
    availability integer NOT NULL DEFAULT 0, auto_offline boolean NOT NULL DEFAULT true,
    created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX uniq_user_id_per_account_id ON account_users (account_id, user_id);
CREATE TABLE teams (
    id bigserial PRIMARY KEY, name varchar NOT NULL, description text, allow_auto_assign boolean DEFAULT true,
    account_id bigint NOT NULL, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_teams_on_name_and_account_id ON teams (name, account_id);
CREATE TABLE team_members (
    id bigserial PRIMARY KEY, team_id bigint NOT NULL, user_id bigint NOT NULL,
    created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_team_members_on_team_id_and_user_id ON team_members (team_id, user_id);
CREATE TABLE inboxes (
    id serial PRIMARY KEY, channel_id integer NOT NULL, account_id integer NOT NULL, name varchar NOT NULL,
    created_at timestamp NOT NULL, updated_at timestamp NOT NULL, channel_type varchar,
    enable_auto_assignment boolean DEFAULT true, working_hours_enabled boolean DEFAULT false,
    timezone varchar DEFAULT 'UTC', csat_survey_enabled boolean DEFAULT false
);
CREATE TABLE working_hours (
    id bigserial PRIMARY KEY, inbox_id bigint, account_id bigint, day_of_week integer NOT NULL,
    closed_all_day boolean DEFAULT false, open_hour integer, open_minutes integer, close_hour integer,
    close_minutes integer, open_all_day boolean DEFAULT false,
    created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_working_hours_on_inbox_id ON working_hours (inbox_id);
CREATE TABLE contacts (
    id serial PRIMARY KEY, name varchar DEFAULT '', email varchar, phone_number varchar, account_id integer NOT NULL,
    created_at timestamp NOT NULL, updated_at timestamp NOT NULL, additional_attributes jsonb DEFAULT '{}',
    identifier varchar, custom_attributes jsonb DEFAULT '{}', contact_type integer DEFAULT 0,
    blocked boolean NOT NULL DEFAULT false
);
CREATE TABLE sla_policies (
    id bigserial PRIMARY KEY, name varchar NOT NULL, first_response_time_threshold double precision,
    next_response_time_threshold double precision, only_during_business_hours boolean DEFAULT false,
    account_id bigint NOT NULL, description varchar, resolution_time_threshold double precision,
    created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL
);
CREATE TABLE conversations (
    id serial PRIMARY KEY, account_id integer NOT NULL, inbox_id integer NOT NULL, status integer NOT NULL DEFAULT 0,
    assignee_id integer, created_at timestamp NOT NULL, updated_at timestamp NOT NULL, contact_id bigint,
    display_id integer NOT NULL, additional_attributes jsonb DEFAULT '{}', contact_inbox_id bigint,
    uuid uuid NOT NULL DEFAULT gen_random_uuid(), identifier varchar,
    last_activity_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, team_id bigint, campaign_id bigint,
    snoozed_until timestamp, custom_attributes jsonb DEFAULT '{}', first_reply_created_at timestamp, priority integer,
    sla_policy_id bigint, waiting_since timestamp(6), cached_label_list text
);
CREATE UNIQUE INDEX index_conversations_on_account_id_and_display_id ON conversations (account_id, display_id);
CREATE INDEX index_conversations_on_id_and_account_id ON conversations (account_id, id);
CREATE INDEX conv_acid_inbid_stat_asgnid_idx ON conversations (account_id, inbox_id, status, assignee_id);
CREATE INDEX index_conversations_on_status_and_account_id ON conversations (status, account_id);
CREATE TABLE messages (
    id serial PRIMARY KEY, content text, account_id integer NOT NULL, inbox_id integer NOT NULL,
    conversation_id integer NOT NULL, message_type integer NOT NULL, created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL, private boolean NOT NULL DEFAULT false, status integer DEFAULT 0,
    source_id varchar, content_type integer NOT NULL DEFAULT 0, content_attributes json DEFAULT '{}',
    sender_type varchar, sender_id bigint, external_source_ids jsonb DEFAULT '{}',
    additional_attributes jsonb DEFAULT '{}'
);
CREATE INDEX index_messages_on_account_created_type ON messages (account_id, created_at, message_type);
CREATE INDEX index_messages_on_conversation_account_type_created
    ON messages (conversation_id, account_id, message_type, created_at);
CREATE INDEX index_messages_on_created_at ON messages (created_at);
CREATE INDEX index_messages_on_sender_type_and_sender_id ON messages (sender_type, sender_id);
CREATE TABLE reporting_events (
    id bigserial PRIMARY KEY, name varchar, value double precision, account_id integer, inbox_id integer,
    user_id integer, conversation_id integer, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL,
    value_in_business_hours double precision, event_start_time timestamp, event_end_time timestamp
);
CREATE INDEX reporting_events__account_id__name__created_at ON reporting_events (account_id, name, created_at);
CREATE INDEX index_reporting_events_on_conversation_id ON reporting_events (conversation_id);
CREATE INDEX index_reporting_events_on_created_at ON reporting_events (created_at);
CREATE INDEX index_reporting_events_on_user_id ON reporting_events (user_id);
CREATE TABLE csat_survey_responses (
    id bigserial PRIMARY KEY, account_id bigint NOT NULL, conversation_id bigint NOT NULL, message_id bigint NOT NULL,
    rating integer NOT NULL, feedback_message text, contact_id bigint NOT NULL, assigned_agent_id bigint,
    created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL
);
CREATE INDEX index_csat_survey_responses_on_account_id ON csat_survey_responses (account_id);
CREATE INDEX index_csat_survey_responses_on_conversation_id ON csat_survey_responses (conversation_id);
CREATE UNIQUE INDEX index_csat_survey_responses_on_message_id ON csat_survey_responses (message_id);
CREATE TABLE applied_slas (
    id bigserial PRIMARY KEY, account_id bigint NOT NULL, sla_policy_id bigint NOT NULL,
    conversation_id bigint NOT NULL, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL,
    sla_status integer DEFAULT 0
);
CREATE TABLE labels (
    id bigserial PRIMARY KEY, title varchar, description text, color varchar NOT NULL DEFAULT '#1f93ff',
    show_on_sidebar boolean, account_id bigint, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_labels_on_title_and_account_id ON labels (title, account_id);
CREATE TABLE tags (id serial PRIMARY KEY, name varchar, taggings_count integer DEFAULT 0);
CREATE UNIQUE INDEX index_tags_on_name ON tags (name);
CREATE TABLE taggings (
    id serial PRIMARY KEY, tag_id integer, taggable_type varchar, taggable_id integer, tagger_type varchar,
    tagger_id integer, context varchar(128), created_at timestamp
);
CREATE UNIQUE INDEX taggings_idx ON taggings (tag_id, taggable_id, taggable_type, context, tagger_id, tagger_type);
CREATE INDEX index_taggings_on_taggable_id_and_taggable_type_and_context
    ON taggings (taggable_id, taggable_type, context);

CREATE FUNCTION accounts_after_insert_row_tr() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS conv_dpid_seq_%s', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_after_insert_row_tr AFTER INSERT ON accounts
    FOR EACH ROW EXECUTE FUNCTION accounts_after_insert_row_tr();
CREATE FUNCTION conversations_before_insert_row_tr() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.display_id := nextval('conv_dpid_seq_' || NEW.account_id);
    RETURN NEW;
END $$;
CREATE TRIGGER conversations_before_insert_row_tr BEFORE INSERT ON conversations
    FOR EACH ROW EXECUTE FUNCTION conversations_before_insert_row_tr();
