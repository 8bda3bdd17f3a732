-- Who follows which teams, as accounts tells it: one row a person, with all of it. Never the truth, always made anew
-- from the facts of accounts.
CREATE TABLE "team_followers" (
    "user_id" UUID NOT NULL,
    "team_ids" UUID[],
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "team_followers_pkey" PRIMARY KEY ("user_id")
);
