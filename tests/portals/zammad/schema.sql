-- The tables of Zammad 6 that tell of tickets: names, types, defaults and indexes as its migrations make them.
CREATE TABLE organizations (
    id serial PRIMARY KEY, name varchar(100) NOT NULL, shared boolean NOT NULL DEFAULT true,
    active boolean NOT NULL DEFAULT true, note varchar(5000) DEFAULT '', updated_by_id integer NOT NULL,
    created_by_id integer NOT NULL, created_at timestamp(3) NOT NULL, updated_at timestamp(3) NOT NULL
);
CREATE TABLE users (
    id serial PRIMARY KEY, organization_id integer REFERENCES organizations, login varchar(255) NOT NULL,
    firstname varchar(100) DEFAULT '', lastname varchar(100) DEFAULT '', email varchar(255) DEFAULT '',
    password varchar(120), vip boolean DEFAULT false, active boolean NOT NULL DEFAULT true, preferences text,
    updated_by_id integer NOT NULL, created_by_id integer NOT NULL, created_at timestamp(3) NOT NULL,
    updated_at timestamp(3) NOT NULL
);
CREATE UNIQUE INDEX index_users_on_login ON users (login);
CREATE TABLE roles (id serial PRIMARY KEY, name varchar(100) NOT NULL, active boolean NOT NULL DEFAULT true);
CREATE TABLE permissions (id serial PRIMARY KEY, name varchar(255) NOT NULL, active boolean NOT NULL DEFAULT true);
CREATE TABLE roles_users (user_id integer REFERENCES users, role_id integer REFERENCES roles);
CREATE INDEX index_roles_users_on_user_id ON roles_users (user_id);
CREATE TABLE permissions_roles (role_id integer, permission_id integer);
CREATE TABLE groups (
    id serial PRIMARY KEY, name varchar(160) NOT NULL, active boolean NOT NULL DEFAULT true, note varchar(250),
    created_at timestamp(3) NOT NULL, updated_at timestamp(3) NOT NULL
);
CREATE TABLE groups_users (
    user_id integer NOT NULL REFERENCES users, group_id integer NOT NULL REFERENCES groups,
    access varchar(50) NOT NULL DEFAULT 'full'
);
CREATE TABLE ticket_state_types (id serial PRIMARY KEY, name varchar(250) NOT NULL);
CREATE UNIQUE INDEX index_ticket_state_types_on_name ON ticket_state_types (name);
CREATE TABLE ticket_states (
    id serial PRIMARY KEY, state_type_id integer NOT NULL REFERENCES ticket_state_types, name varchar(250) NOT NULL,
    next_state_id integer, ignore_escalation boolean NOT NULL DEFAULT false, active boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX index_ticket_states_on_name ON ticket_states (name);
CREATE TABLE ticket_priorities (
    id serial PRIMARY KEY, name varchar(250) NOT NULL, default_create boolean NOT NULL DEFAULT false,
    active boolean NOT NULL DEFAULT true
);
CREATE TABLE tickets (
    id serial PRIMARY KEY, group_id integer NOT NULL REFERENCES groups,
    priority_id integer NOT NULL REFERENCES ticket_priorities, state_id integer NOT NULL REFERENCES ticket_states,
    organization_id integer REFERENCES organizations, number varchar(60) NOT NULL, title varchar(250) NOT NULL,
    owner_id integer NOT NULL REFERENCES users, customer_id integer NOT NULL REFERENCES users, note varchar(250),
    first_response_at timestamp(3), first_response_escalation_at timestamp(3), first_response_in_min integer,
    first_response_diff_in_min integer, close_at timestamp(3), close_escalation_at timestamp(3), close_in_min integer,
    close_diff_in_min integer, last_close_at timestamp(3), create_article_type_id integer,
    create_article_sender_id integer, article_count integer, escalation_at timestamp(3), pending_time timestamp(3),
    type varchar(100), preferences text, updated_by_id integer NOT NULL, created_by_id integer NOT NULL,
    created_at timestamp(3) NOT NULL, updated_at timestamp(3) NOT NULL
);
CREATE UNIQUE INDEX index_tickets_on_number ON tickets (number);
CREATE INDEX index_tickets_on_created_at ON tickets (created_at);
CREATE INDEX index_tickets_on_updated_at ON tickets (updated_at);
CREATE INDEX index_tickets_on_state_id ON tickets (state_id);
CREATE TABLE ticket_article_types (
    id serial PRIMARY KEY, name varchar(250) NOT NULL, communication boolean NOT NULL DEFAULT false
);
CREATE TABLE ticket_article_senders (id serial PRIMARY KEY, name varchar(250) NOT NULL);
CREATE TABLE ticket_articles (
    id serial PRIMARY KEY, ticket_id integer NOT NULL REFERENCES tickets,
    type_id integer NOT NULL REFERENCES ticket_article_types,
    sender_id integer NOT NULL REFERENCES ticket_article_senders, subject varchar(3000),
    content_type varchar(20) NOT NULL DEFAULT 'text/plain', body text NOT NULL, internal boolean NOT NULL DEFAULT false,
    updated_by_id integer NOT NULL REFERENCES users, created_by_id integer NOT NULL REFERENCES users,
    origin_by_id integer REFERENCES users, created_at timestamp(3) NOT NULL, updated_at timestamp(3) NOT NULL
);
CREATE INDEX index_ticket_articles_on_ticket_id ON ticket_articles (ticket_id);
CREATE INDEX index_ticket_articles_on_created_at ON ticket_articles (created_at);
CREATE TABLE history_types (id serial PRIMARY KEY, name varchar(250) NOT NULL);
CREATE TABLE history_objects (id serial PRIMARY KEY, name varchar(250) NOT NULL);
CREATE TABLE history_attributes (id serial PRIMARY KEY, name varchar(250) NOT NULL);
CREATE TABLE histories (
    id serial PRIMARY KEY, history_type_id integer NOT NULL REFERENCES history_types,
    history_object_id integer NOT NULL REFERENCES history_objects,
    history_attribute_id integer REFERENCES history_attributes, o_id integer NOT NULL, related_o_id integer,
    related_history_object_id integer, id_to integer, id_from integer, value_from varchar(500), value_to varchar(500),
    created_by_id integer NOT NULL REFERENCES users, created_at timestamp(3) NOT NULL, updated_at timestamp(3) NOT NULL
);
CREATE INDEX index_histories_on_o_id ON histories (o_id);
CREATE INDEX index_histories_on_created_at ON histories (created_at);
CREATE INDEX index_histories_on_history_attribute_id ON histories (history_attribute_id);
CREATE INDEX index_histories_on_o_id_and_history_object_id_and_related_o_id
    ON histories (o_id, history_object_id, related_o_id);
CREATE TABLE tag_objects (id serial PRIMARY KEY, name varchar(250) NOT NULL);
CREATE TABLE tag_items (id serial PRIMARY KEY, name varchar(250) NOT NULL, name_downcase varchar(250) NOT NULL);
CREATE TABLE tags (
    id serial PRIMARY KEY, tag_item_id integer NOT NULL REFERENCES tag_items,
    tag_object_id integer NOT NULL REFERENCES tag_objects, o_id integer NOT NULL, created_by_id integer NOT NULL,
    created_at timestamp(3) NOT NULL, updated_at timestamp(3) NOT NULL
);
CREATE INDEX index_tags_on_o_id ON tags (o_id);
CREATE TABLE calendars (
    id serial PRIMARY KEY, name varchar(250), timezone varchar(250), business_hours varchar(3000),
    "default" boolean NOT NULL DEFAULT false, ical_url varchar(500), public_holidays text, last_log text,
    created_at timestamp(3) NOT NULL, updated_at timestamp(3) NOT NULL
);
CREATE TABLE slas (
    id serial PRIMARY KEY, calendar_id integer NOT NULL, name varchar(150), first_response_time integer,
    response_time integer, update_time integer, solution_time integer, condition text,
    created_at timestamp(3) NOT NULL, updated_at timestamp(3) NOT NULL
);
