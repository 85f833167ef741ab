using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.Edge;

/// <summary>The section <c>Hsts</c>: how firmly browsers are told to come over TLS only.</summary>
internal sealed class HstsOptions
{
    /// <summary>
    /// The host of the issuer, to let browsers build it into their list (<c>preload</c>). It is named rather than
    /// switched on, because leaving that list takes months.
    /// </summary>
    public string PreloadFor { get; set; } = "";
}

/// <summary>Refuses to start with a preload for anybody else.</summary>
internal sealed class HstsOptionsCheck(Issuer issuer) : IValidateOptions<HstsOptions>
{
    public ValidateOptionsResult Validate(string? name, HstsOptions options) =>
        options.PreloadFor.Length == 0 || (issuer.IsSecure && options.PreloadFor == issuer.Uri.Host)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Hsts:PreloadFor is '{options.PreloadFor}': write '{issuer.Uri.Host}', the host of an https Issuer, if browsers shall refuse it without TLS for good, or leave it out."
            );
}
