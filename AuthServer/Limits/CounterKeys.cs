using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;

namespace AuthServer.Limits;

/// <summary>
/// Names counters by keyed hashes, so that whoever reads Redis learns no address and no e-mail, and alike on all
/// instances of one database.
/// </summary>
internal sealed class CounterKeys(ServerSecrets secrets)
{
    private const int HashBytes = 16;
    private const int SubscriberBytes = 8;

    /// <summary>One counter for whatever the parts name together.</summary>
    public string Of(params ReadOnlySpan<string> parts)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(
            secrets.Get(ServerSecrets.LimitKeys),
            Encoding.UTF8.GetBytes(string.Join('\n', parts)),
            hash
        );
        return Base64Url.EncodeToString(hash[..HashBytes]);
    }

    /// <summary>
    /// Whom an address stands for: an IPv4 address, also when mapped into IPv6, or the /64 of an IPv6 address,
    /// which is what one subscriber has at least.
    /// </summary>
    public static string Subscriber(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, SubscriberBytes))
            : address.ToString();
    }
}
