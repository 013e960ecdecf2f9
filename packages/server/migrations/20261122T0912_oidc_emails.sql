-- Identity providers that never say whether an e-mail address is verified, and whose addresses the house alone gives out.
set local search_path = hauswart;

alter table oidc_issuer
  add column trusts_emails boolean not null default false;
