using AuthServer.Accounts;

namespace AuthServer.Tests.Accounts;

[Trait("Requirement", "C-80")]
public class EmailAddressTests
{
    [Theory]
    [InlineData("ada@example.org", "ADA@EXAMPLE.ORG")]
    [InlineData("  Ada.Lovelace+Notes@Example.ORG ", "ADA.LOVELACE+NOTES@EXAMPLE.ORG")]
    [InlineData("o'brien@example.org", "O'BRIEN@EXAMPLE.ORG")]
    [InlineData("ada@bücher.example", "ADA@XN--BCHER-KVA.EXAMPLE")]
    [InlineData("ada@xn--bcher-kva.example", "ADA@XN--BCHER-KVA.EXAMPLE")]
    [InlineData("用户@例子.example", "用户@XN--FSQU00A.EXAMPLE")]
    [InlineData("\uFF41da@example.org", "ADA@EXAMPLE.ORG")]
    [InlineData(
        "\u043f\u043e\u0447\u0442\u0430@\u043f\u0440\u0438\u043c\u0435\u0440.example",
        "\u041f\u041e\u0427\u0422\u0410@XN--E1AFMKFD.EXAMPLE"
    )]
    public void An_address_has_one_canonical_form(string typed, string canonical)
    {
        Assert.True(EmailAddress.TryParse(typed, out var address));

        Assert.Equal(canonical, address.Canonical);
        Assert.True(EmailAddress.TryParse(address.Canonical, out var again));
        Assert.Equal(canonical, again.Canonical);
    }

    [Fact]
    public void Composed_and_decomposed_letters_are_the_same_address()
    {
        Assert.True(EmailAddress.TryParse("andr\u00e9@example.org", out var composed));
        Assert.True(EmailAddress.TryParse("andre\u0301@example.org", out var decomposed));

        Assert.Equal(composed, decomposed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ada")]
    [InlineData("@example.org")]
    [InlineData("ada@")]
    [InlineData("ada@@example.org")]
    [InlineData("ada@eve@example.org")]
    [InlineData("ada\uFF20example.org")]
    [InlineData("ada@eve\uFF20example.org")]
    [InlineData("ada\uFE6Bexample.org")]
    [InlineData("ada lovelace@example.org")]
    [InlineData("ada\u00a0l@example.org")]
    [InlineData("ada\t@example.org")]
    [InlineData("ada\r\nBcc:eve@example.org")]
    [InlineData("ada\0@example.org")]
    [InlineData("ada\u202e@example.org")]
    [InlineData("ada\u200b@example.org")]
    [InlineData("ada@exam\u200dple.org")]
    [InlineData("ada@exam\u00adple.org")]
    [InlineData("ada@exam\u2066ple.org")]
    [InlineData(".ada@example.org")]
    [InlineData("ada.@example.org")]
    [InlineData("a..da@example.org")]
    [InlineData("\"ada\"@example.org")]
    [InlineData("Ada <ada@example.org>")]
    [InlineData("ada@example.org,eve@example.org")]
    [InlineData("ada(x)@example.org")]
    [InlineData("ada@localhost")]
    [InlineData("ada@127.0.0.1")]
    [InlineData("ada@[127.0.0.1]")]
    [InlineData("ada@example..org")]
    [InlineData("ada@example.org.")]
    [InlineData("ada@.example.org")]
    [InlineData("ada@-example.org")]
    [InlineData("ada@exa_mple.org")]
    [InlineData("ada@example.org:25")]
    [InlineData("ada@exam%ple.org")]
    [InlineData("\u0430da@example.org")] // a Cyrillic a
    [InlineData("ada@ex\u0430mple.org")]
    [InlineData("ada@example.\u043erg")]
    [InlineData("ada@g\u03bfogle.example")] // a Greek o
    [InlineData("ada@xn--exmple-4nf.org")] // the second, as it travels
    public void What_is_not_plainly_an_address_is_refused(string? typed) =>
        Assert.False(EmailAddress.TryParse(typed, out _));

    [Theory]
    [InlineData('\ud800')]
    [InlineData('\udc00')]
    [InlineData('\ufffe')]
    public void Half_a_character_is_refused(char half)
    {
        Assert.False(EmailAddress.TryParse($"ada{half}@example.org", out _));
        Assert.False(EmailAddress.TryParse($"ada@exam{half}ple.org", out _));
    }

    [Fact]
    public void Up_to_255_characters_fit()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 62), 3)) + ".org";
        var local = new string('a', 255 - domain.Length - 1);

        Assert.Equal(255, $"{local}@{domain}".Length);
        Assert.True(EmailAddress.TryParse($"{local}@{domain}", out _));
        Assert.False(EmailAddress.TryParse($"{local}a@{domain}", out _));
        Assert.False(EmailAddress.TryParse($"{new string('a', 65)}@example.org", out _));
    }
}
