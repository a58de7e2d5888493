//! The tenants of the emulator. They share their users; an application may be registered in one of them or in all.

use serde::{Deserialize, Serialize};

use super::{DOMAIN, TENANT_ID};

/// One tenant, with the names that a path may use for it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) domain: String,
    #[serde(default = "contoso")]
    pub(crate) display_name: String,
}

fn contoso() -> String {
    "Contoso".into()
}

/// All tenants. The first one exists in every emulator.
#[derive(Clone, Debug)]
pub(crate) struct Tenants(Vec<Tenant>);

impl Default for Tenants {
    fn default() -> Self {
        Self(vec![Tenant { id: TENANT_ID.into(), domain: DOMAIN.into(), display_name: contoso() }])
    }
}

impl Tenants {
    /// Adds a tenant, or replaces the one with the same id.
    pub(crate) fn add(&mut self, tenant: Tenant) {
        match self.0.iter_mut().find(|known| known.id.eq_ignore_ascii_case(&tenant.id)) {
            Some(known) => *known = tenant,
            None => self.0.push(tenant),
        }
    }

    /// Finds a tenant by id or domain; letter case does not matter.
    pub(crate) fn find(&self, name: &str) -> Option<&Tenant> {
        self.0.iter().find(|tenant| {
            [&tenant.id, &tenant.domain].iter().any(|known| known.eq_ignore_ascii_case(name))
        })
    }

    pub(crate) fn first(&self) -> &Tenant {
        &self.0[0]
    }

    /// The home tenant of a user: the one with the domain of the user principal name, otherwise the first.
    pub(crate) fn home_of(&self, user_principal_name: &str) -> &Tenant {
        let domain = user_principal_name.rsplit('@').next().unwrap_or_default();
        self.find(domain).unwrap_or_else(|| self.first())
    }

    pub(crate) fn all(&self) -> &[Tenant] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Tenant, Tenants};

    #[test]
    fn a_user_is_at_home_where_the_domain_is() {
        let mut tenants = Tenants::default();
        tenants.add(Tenant {
            id: "t2".into(),
            domain: "fabrikam.example".into(),
            display_name: "Fabrikam".into(),
        });
        assert_eq!(tenants.home_of("zoe@FABRIKAM.example").id, "t2");
        assert_eq!(tenants.home_of("zoe@elsewhere.example").domain, "contoso.example");
        assert_eq!(tenants.find("T2"), tenants.find("fabrikam.example"));
    }
}
