using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// RFC 9126 §2.2: a pushed request must be brought to the authorization endpoint within a minute. The engine keeps
/// it longer, since the person may take their time to sign in once it is there; the endpoint holds the minute.
/// </summary>
internal sealed class PushedRequestLifetime
    : IOpenIddictServerHandler<ApplyPushedAuthorizationResponseContext>
{
    /// <summary>Until the first visit of the authorization endpoint.</summary>
    public static readonly TimeSpan UntilVisit = TimeSpan.FromMinutes(1);

    /// <summary>Until the code is given.</summary>
    public static readonly TimeSpan UntilCode = TimeSpan.FromHours(1);

    public ValueTask HandleAsync(ApplyPushedAuthorizationResponseContext context)
    {
        if (context.Response.ExpiresIn is not null)
        {
            context.Response.ExpiresIn = (long)UntilVisit.TotalSeconds;
        }

        return ValueTask.CompletedTask;
    }
}
