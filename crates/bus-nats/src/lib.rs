//! bus-nats
