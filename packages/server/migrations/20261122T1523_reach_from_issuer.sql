-- Accounts that an identity provider made used to reach all customers, and those of before still do: whoever manages users sees which.
set local search_path = hauswart;

alter table account
  -- Name of the identity provider that made the account when such accounts reached all customers; null: somebody gave it its customers.
  add column reach_from_issuer text;

-- Made in the transaction that linked it.
update account a set reach_from_issuer = i.name
from oidc_identity o join oidc_issuer i on i.provider_id = o.provider_id and i.oidc_issuer_id = o.oidc_issuer_id
where o.provider_id = a.provider_id and o.account_id = a.account_id and a.reach = 'all' and a.role in ('technician', 'read-only')
  and o.created_at between a.created_at and a.created_at + interval '1 minute';
