using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace AuthServer.Keys;

/// <summary>
/// Gives the keys to OpenIddict through its options, and again whenever they change, without a restart. Of each
/// algorithm the current key is first, then the next, then the retired.
/// </summary>
internal sealed class KeyRingToServer
    : IConfigureOptions<OpenIddictServerOptions>,
        IPostConfigureOptions<OpenIddictServerOptions>,
        IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    private volatile Keys _keys = new([], []);
    private ConfigurationReloadToken _change = new();

    public string Name => Options.DefaultName;

    /// <summary>Whether these are the keys that it has, in this order: signing, then encryption.</summary>
    public bool Holds(IEnumerable<string> kids)
    {
        var keys = _keys;
        return keys
            .Signing.Select(key => key.Kid)
            .Concat(keys.Encryption.Select(key => key.Key.KeyId))
            .SequenceEqual(kids, StringComparer.Ordinal);
    }

    /// <summary>Replaces all keys at once; requests that have begun keep those they began with.</summary>
    public void Publish(
        IReadOnlyList<SigningCredentials> signing,
        IReadOnlyList<EncryptingCredentials> encryption
    )
    {
        _keys = new Keys(signing, encryption);
        Interlocked.Exchange(ref _change, new ConfigurationReloadToken()).OnReload();
    }

    public IChangeToken GetChangeToken() => Volatile.Read(ref _change);

    public void Configure(OpenIddictServerOptions options)
    {
        var keys = _keys;
        options.SigningCredentials.AddRange(keys.Signing);
        options.EncryptionCredentials.AddRange(keys.Encryption);
    }

    // The engine sorts its keys, and keeps the order of equal ones only up to sixteen.
    public void PostConfigure(string? name, OpenIddictServerOptions options)
    {
        options.SigningCredentials.Clear();
        options.EncryptionCredentials.Clear();
        Configure(options);
    }

    private sealed record Keys(
        IReadOnlyList<SigningCredentials> Signing,
        IReadOnlyList<EncryptingCredentials> Encryption
    );
}
