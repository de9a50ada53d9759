"""Who somebody is: registration, sign-in and sessions."""
