namespace AuthServer.Limits;

/// <summary>
/// What became of a request to one of the endpoints that clients call: the engine notes it here, and who is charged
/// in the end follows from it. A feature of the request.
/// </summary>
internal sealed class RequestCharge
{
    /// <summary>The client proved who it is.</summary>
    public bool IsClientProven { get; set; }

    /// <summary>The account that the presented code or token speaks for; null when it was no good, or a client's own.</summary>
    public string? AccountId { get; set; }
}
