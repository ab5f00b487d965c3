package io.daxconv.converter.mount.process;

import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom a container's process runs as. The image's config has a user as {@code user}, {@code uid},
 * {@code user:group}, {@code uid:gid}, {@code uid:group} or {@code user:gid}, names meaning the
 * image's own passwd and group (image-spec config.md, {@code User}): without a group, the user's
 * own from passwd, and all that group lists it in; with one, that alone.
 *
 * @param additionalGids in rising order
 */
public record ImageUser(long uid, long gid, List<Long> additionalGids) {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

  /** The last id stands for none (chown(2)). */
  private static final long LAST_ID = 0xffff_fffeL;

  public ImageUser {
    additionalGids = List.copyOf(additionalGids);
  }

  /** A line of passwd(5). */
  private record Passwd(String name, long uid, long gid) {}

  /** A line of group(5). */
  private record Group(String name, long gid, List<String> members) {}

  /**
   * Looks a user up.
   *
   * @param user as in the config; empty for root
   * @param passwd the image's /etc/passwd, or null
   * @param group the image's /etc/group, or null
   * @throws MountPlanException if it names what is not there
   */
  static ImageUser of(String user, @Nullable String passwd, @Nullable String group)
      throws MountPlanException {
    int colon = user.indexOf(':');
    String userPart = colon < 0 ? user : user.substring(0, colon);
    String groupPart = colon < 0 ? "" : user.substring(colon + 1);
    if (userPart.isEmpty()) {
      userPart = "0";
    }
    Passwd found = passwd == null ? null : find(userPart, passwd);
    if (found == null) {
      found = new Passwd("", number("user", userPart, "/etc/passwd"), 0);
    }
    List<Group> groups = group == null ? List.of() : groups(group);
    if (groupPart.isEmpty()) {
      TreeSet<Long> additional = new TreeSet<>();
      for (Group each : groups) {
        if (!found.name.isEmpty() && each.members.contains(found.name) && each.gid != found.gid) {
          additional.add(each.gid);
        }
      }
      return new ImageUser(found.uid, found.gid, List.copyOf(additional));
    }
    return new ImageUser(found.uid, gid(groupPart, groups), List.of());
  }

  private static long gid(String text, List<Group> groups) throws MountPlanException {
    for (Group each : groups) {
      if (each.name.equals(text)) {
        return each.gid;
      }
    }
    return number("group", text, "/etc/group");
  }

  /** The first line of that name, or of that number. */
  private static @Nullable Passwd find(String user, String passwd) {
    long uid = NUMBER.matcher(user).matches() ? Long.parseLong(user) : -1;
    for (String line : passwd.split("\n", -1)) {
      String[] fields = line.strip().split(":", -1);
      if (fields.length >= 4 && isId(fields[2]) && isId(fields[3])) {
        Passwd each = new Passwd(fields[0], Long.parseLong(fields[2]), Long.parseLong(fields[3]));
        if (each.name.equals(user) || each.uid == uid) {
          return each;
        }
      }
    }
    return null;
  }

  private static List<Group> groups(String text) {
    List<Group> groups = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] fields = line.strip().split(":", -1);
      if (fields.length >= 3 && isId(fields[2])) {
        List<String> members = fields.length < 4 ? List.of() : List.of(fields[3].split(",", -1));
        groups.add(new Group(fields[0], Long.parseLong(fields[2]), members));
      }
    }
    return groups;
  }

  private static long number(String what, String text, String file) throws MountPlanException {
    if (!isId(text)) {
      throw new MountPlanException(
          "image config: %s: expected a number up to %d or a name in the image's %s, found %s"
              .formatted(what, LAST_ID, file, Escapes.quote(text)));
    }
    return Long.parseLong(text);
  }

  private static boolean isId(String text) {
    return NUMBER.matcher(text).matches() && Long.parseLong(text) <= LAST_ID;
  }
}
