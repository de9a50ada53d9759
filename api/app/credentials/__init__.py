"""What somebody proves who they are with: verified addresses, and passwords and addresses that change."""
