using System.Security.Cryptography;
using AuthServer.Data;

namespace AuthServer.Tests.Data;

public class MasterKeyTests
{
    private readonly byte[] _plain = RandomNumberGenerator.GetBytes(40);
    private readonly MasterKey _key = New();

    [Fact]
    public void What_it_seals_it_opens()
    {
        var sealedBytes = _key.Protect(_plain, "name");

        Assert.Equal(_plain, _key.Unprotect(sealedBytes, "name"));
        Assert.True(sealedBytes.AsSpan().IndexOf(_plain) < 0);
    }

    [Fact]
    public void The_same_is_sealed_differently_each_time()
    {
        Assert.NotEqual(_key.Protect(_plain, "name"), _key.Protect(_plain, "name"));
    }

    [Fact]
    public void A_change_of_any_byte_is_noticed()
    {
        var sealedBytes = _key.Protect(_plain, "name");

        for (var i = 0; i < sealedBytes.Length; i++)
        {
            var altered = sealedBytes.ToArray();
            altered[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => _key.Unprotect(altered, "name"));
        }
    }

    [Fact]
    public void What_is_cut_short_does_not_open()
    {
        var sealedBytes = _key.Protect(_plain, "name");

        for (var length = 0; length < sealedBytes.Length; length++)
        {
            Assert.ThrowsAny<CryptographicException>(() =>
                _key.Unprotect(sealedBytes.AsSpan(0, length), "name")
            );
        }
    }

    [Fact]
    public void Another_name_does_not_open_it()
    {
        var sealedBytes = _key.Protect(_plain, "name");

        Assert.ThrowsAny<CryptographicException>(() => _key.Unprotect(sealedBytes, "other"));
    }

    [Fact]
    public void Another_key_does_not_open_it()
    {
        var sealedBytes = _key.Protect(_plain, "name");

        Assert.ThrowsAny<CryptographicException>(() => New().Unprotect(sealedBytes, "name"));
    }

    private static MasterKey New()
    {
        var key = new MasterKey();
        key.Load(RandomNumberGenerator.GetBytes(32));
        return key;
    }
}
