using System.Net;
using Microsoft.Extensions.Options;

namespace AuthServer.Edge;

/// <summary>The section <c>Proxies</c>: who may tell us the address of a client.</summary>
internal sealed class ProxiesOptions
{
    /// <summary>Addresses and networks (<c>10.0.0.7</c>, <c>fd00::/8</c>) of our own proxies; nobody else is believed.</summary>
    public List<string> Known { get; set; } = [];

    /// <summary>All of them as networks.</summary>
    public IEnumerable<IPNetwork> Networks => Known.Select(Parse).OfType<IPNetwork>();

    /// <summary>A single address is a network of one; null for what is neither.</summary>
    public static IPNetwork? Parse(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        // The parser also takes '10' and '0x7f.1', which nobody writes on purpose.
        var isPlain = text.Split('.').Length == 4 || text.Contains(':', StringComparison.Ordinal);
        return isPlain && IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }
}

/// <summary>Refuses to start with what is neither an address nor a network.</summary>
internal sealed class ProxiesOptionsCheck : IValidateOptions<ProxiesOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxiesOptions options)
    {
        var mistakes = options
            .Known.Index()
            .Where(known => ProxiesOptions.Parse(known.Item) is null)
            .Select(known =>
                $"Proxies:Known:{known.Index} '{known.Item}' is neither an address nor a network: write '10.0.0.7' or '10.0.0.0/24', with zeros behind the prefix."
            )
            .ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
