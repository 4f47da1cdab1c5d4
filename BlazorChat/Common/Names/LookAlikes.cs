using System.Collections.Frozen;
using System.Text;

namespace BlazorChat.Common.Names;

/// <summary>
/// Maps letters of other scripts that look like a Latin letter to it, and characters of Chinese, Japanese and Korean that look like another one to
/// that. Full-width, mathematical and circled letters are not in the tables: compatibility normalisation maps them.
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

    /// <summary>Most are of Unicode's confusables (UTS 39). None of them has a case.</summary>
    private static readonly FrozenDictionary<char, char> EastAsian = Pair(
        // Kana, strokes, letters of Hangul and Bopomofo
        ("イエカタトニハノロヘベペー囗ㄦ", "亻工力夕卜二八/口へべぺ一口儿"),
        ("㇐ᅳ—―─〳丿㇓ᄆᄉ・•‧∙゠㇖㇚㇟㇠", "一一一一一///口人····=乛亅乚乙"),
        ("〇ᄋᆼ丨ᅵ㇑", "OOOlll"),
        // Final letters of Hangul
        ("ᆨᆩᆫᆮᆯᆷᆸᆺᆻᆽᆾᆿᇀᇁᇂ", "ᄀᄁᄂᄃᄅ口ᄇ人ᄊᄌᄎᄏᄐᄑᄒ"),
        // Han: variants of one character, and 士
        ("倂值啟士塡墫媯帲戶晚杮潙硏絕訮豣躗輧郞鎭隸鹃黑", "併値啓土填壿嬀帡戸晩柿溈研絶詽豜躛軿郎鎮隷鹂黒"),
        // Radicals
        ("⺅⺂⺃⺋⺗⺦⻲⺎⺉⺐⺏⺒⺓⺔⺖⺘⺙⻫⺛⻭⺞⺠⺡⺢⺣⺤⺨⺭⻯⺯⺫⺲⺱⺹⺺", "亻乛乚㔾㣺丬亀兀刂尢尣巳幺彑忄扌攵斉旡歯歺民氵氺灬爫犭礻竜糹罒罒罓耂肀"),
        ("⺾⺿⻀⻁⻂⻄⻃⻅⻈⻉⻋⻌⻍⻐⻑⻒⻓⻔⻏⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻤⻥⻨⻩⻬⻮⻰", "艹艹艹虎衤西覀见讠贝车辶辶钅長镸长门阝阝青韦页风飞食飠饣马鬼鱼麦黄齐齿龙"));

    /// <summary>Returns the Latin capital that a capital looks like; the letter itself when there is none.</summary>
    public static Rune OfCapital(Rune rune) => Find(Capitals, rune);

    /// <summary>Returns the Latin letter or the East Asian character that a character looks like; the character itself when there is none.</summary>
    public static Rune Of(Rune rune) => Find(Small, rune) is var small && small != rune ? small : Find(EastAsian, OfCapital(rune));

    private static Rune Find(FrozenDictionary<char, char> letters, Rune rune) =>
        rune.IsBmp && letters.TryGetValue((char)rune.Value, out var latin) ? new Rune(latin) : rune;

    private static FrozenDictionary<char, char> Pair(params (string Letters, string Same)[] scripts) =>
        scripts.SelectMany(script => script.Letters.Zip(script.Same, KeyValuePair.Create)).ToFrozenDictionary();
}
