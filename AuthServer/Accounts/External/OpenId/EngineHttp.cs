using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using OpenIddict.Client.SystemNetHttp;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>Sends the engine's calls out by the same way as all others.</summary>
internal sealed class EngineHttp(OutboundHttp outbound) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    private static readonly string Engine = typeof(OpenIddictClientSystemNetHttpOptions)
        .Assembly.GetName()
        .Name!;

    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (name?.StartsWith(Engine, StringComparison.Ordinal) == true)
        {
            // The engine puts a handler of its own first, which can choose no address; so this must come last.
            options.HttpMessageHandlerBuilderActions.Add(builder =>
                builder.PrimaryHandler = outbound.NewHandler()
            );
        }
    }
}
