namespace AuthServer.Sessions;

/// <summary>When a request did, as <see cref="TimeProvider.GetTimestamp"/> counts: no clock that is set changes it.</summary>
internal sealed record Arrived(long Timestamp);
