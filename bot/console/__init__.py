"""Pages for staff: server-rendered, working without JavaScript, on a phone as on a desk."""
