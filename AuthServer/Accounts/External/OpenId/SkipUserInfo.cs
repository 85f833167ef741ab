using OpenIddict.Client;
using static OpenIddict.Client.OpenIddictClientEvents;
using static OpenIddict.Client.OpenIddictClientHandlers;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>Saves the call to userinfo when the ID token tells the address: address and flag are taken from one place.</summary>
internal sealed class SkipUserInfo : IOpenIddictClientHandler<ProcessAuthenticationContext>
{
    public static OpenIddictClientHandlerDescriptor Descriptor { get; } =
        OpenIddictClientHandlerDescriptor
            .CreateBuilder<ProcessAuthenticationContext>()
            .UseSingletonHandler<SkipUserInfo>()
            .SetOrder(EvaluateUserInfoRequest.Descriptor.Order - 500)
            .Build();

    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        context.DisableUserInfoRetrieval |=
            context.BackchannelIdentityTokenPrincipal?.HasClaim(claim => claim.Type == "email") == true;
        return default;
    }
}
