namespace AuthServer.Limits;

/// <summary>
/// Whom a request to one of the endpoints that clients call has turned out to come from; so long as that is nobody, its
/// address pays. A feature of the request, noted by <see cref="Quotas"/>.
/// </summary>
internal sealed class RequestCharge
{
    /// <summary>The client proved who it is.</summary>
    public bool IsClientProven { get; set; }

    /// <summary>The code or token was good, and speaks for a person.</summary>
    public bool IsPersonKnown { get; set; }
}
