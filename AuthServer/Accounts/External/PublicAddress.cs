using System.Net;
using System.Net.Sockets;

namespace AuthServer.Accounts.External;

/// <summary>Tells addresses of the internet from those of a machine, a house or a data centre (IANA's special-purpose registries).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Inside =
    [
        .. "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12"
            .Split(' ')
            .Select(IPNetwork.Parse),
        .. "192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24"
            .Split(' ')
            .Select(IPNetwork.Parse),
        .. "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4".Split(' ').Select(IPNetwork.Parse),
    ];

    // The one block that is routed, but for the ways in it by which an IPv4 address can be written: 6to4, Teredo, documentation.
    private static readonly IPNetwork Routed = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] Disguised =
    [
        .. "2001::/23 2001:db8::/32 2002::/16 3fff::/20".Split(' ').Select(IPNetwork.Parse),
    ];

    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? Routed.Contains(plain) && !Array.Exists(Disguised, network => network.Contains(plain))
            : !Array.Exists(Inside, network => network.Contains(plain));
    }
}
