using System.Collections.Frozen;
using System.Text;

namespace BlazorChat.Common.Names;

/// <summary>
/// Maps letters of other scripts that look like a Latin letter to it. Full-width, mathematical and circled letters are not in the tables:
/// compatibility normalisation maps them.
/// </summary>
internal static class LookAlikes
{
    private static readonly FrozenDictionary<char, char> Capitals = Pair(
        // Cyrillic
        ("АВЕЅІЈКМНОРСТУХҮԚԜҺԀӀѴ", "ABESIJKMHOPCTYXYQWHDIV"),
        // Greek
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺϜͿ", "ABEZHIKMNOPTYXCMFJ"),
        // Armenian
        ("ՕՍՏԼ", "OUSL"),
        // Cherokee
        ("ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᎽᏃ", "ABCDEGHJKLMPRSTVWYZ"),
        // Lisu
        ("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "ABCDEFGHIJKLMNOPRSTUVWXYZ"),
        // Latin beyond the alphabet
        ("ⱭꞬıɩɑɡᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ", "AGIIAGABCDEGHIJKLMNOPRTUVWYZ"));

    private static readonly FrozenDictionary<char, char> Small = Pair(
        ("асеһіјкӏомрԛѕухԁԝѵгп", "acehijklompqsyxdwvrn"),
        ("αονρικυγηχωϲϳ", "aovpikuynxwcj"),
        ("օսհոյզ", "ouhnjq"));

    /// <summary>Returns the Latin capital that a capital looks like; the letter itself when there is none.</summary>
    public static Rune OfCapital(Rune rune) => Find(Capitals, rune);

    /// <summary>Returns the Latin letter that a letter looks like; the letter itself when there is none.</summary>
    public static Rune Of(Rune rune) => Find(Small, rune) is var small && small != rune ? small : OfCapital(rune);

    private static Rune Find(FrozenDictionary<char, char> letters, Rune rune) =>
        rune.IsBmp && letters.TryGetValue((char)rune.Value, out var latin) ? new Rune(latin) : rune;

    private static FrozenDictionary<char, char> Pair(params (string Letters, string Latin)[] scripts) =>
        scripts.SelectMany(script => script.Letters.Zip(script.Latin, KeyValuePair.Create)).ToFrozenDictionary();
}
