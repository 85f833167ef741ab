using AuthServer.Data;

namespace AuthServer.Edge;

/// <summary>
/// Gives every request the scheme and host of the issuer: TLS may end at a proxy, and a Host header belongs to
/// whoever sends it, so nothing that we build may depend on either.
/// </summary>
internal sealed class OwnAddress(RequestDelegate next, Issuer issuer)
{
    private readonly HostString _host = HostString.FromUriComponent(issuer.Uri);

    public Task InvokeAsync(HttpContext http)
    {
        http.Request.Scheme = issuer.Uri.Scheme;
        http.Request.Host = _host;
        return next(http);
    }
}
