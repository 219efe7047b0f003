"""Who may do what: roles and their actions, passwords. Pure rules; the store keeps the accounts."""
