/** A folder of the machine that one container has mounted as its own, made so that exactly `expects` is wrong with it. */
export interface ZooTree {
  name: string;
  /** By root's shell, in the folder. */
  plant: string;
  /** After all of it was given to the container's user, whose number is $me. */
  then: string;
  /** "severity check". */
  expects: readonly string[];
  /** Mounted read-only. */
  reads?: true;
}

const tree = (name: string, plant: string, then: string, ...expects: string[]): ZooTree => ({
  name,
  plant,
  then,
  expects,
});
/** Of what a container only reads nothing is missing that it could not write. */
const read = (...of: Parameters<typeof tree>): ZooTree => ({ ...tree(...of), reads: true });

/** Each is wrong in one way. */
export const badTrees: readonly ZooTree[] = [
  tree("open-to-all", "touch f", "chmod 777 f", "warning world_writable"),
  tree("open-but-for-running", "touch f", "chmod 776 f", "warning world_writable"),
  tree("open-to-others-alone", "touch f", "chmod 602 f", "warning world_writable"),
  tree("open-folder", "mkdir d", "chmod 777 d", "warning world_writable"),
  tree("open-itself", "touch f", "chmod 777 .", "warning world_writable"),
  tree("open-pipe", "mkfifo p", "chmod 666 p", "warning world_writable"),
  tree(
    "open-deep-down",
    'mkdir -p "a b/c/d"; touch "a b/c/d/two\nlines"',
    'chmod 666 "a b/c/d/two\nlines"',
    "warning world_writable",
  ),
  tree("open-by-two-names", "touch f; ln f g", "chmod 666 f", "warning world_writable"),
  // On a file the sticky bit means nothing.
  tree("open-and-sticky", "touch f", "chmod 1777 f", "warning world_writable"),
  tree("admins-file", "touch f", "chown 950 f; chmod 664 f", "warning admin_owned"),
  tree("admins-folder", "mkdir d", "chown 950 d; chmod 775 d", "warning admin_owned"),
  tree("admins-link", "ln -s f l", "chown -h 950 l", "warning admin_owned"),
  tree("setuid", "touch f", "chmod 4755 f", "warning setuid_files"),
  tree("setgid", "touch f", "chmod 2755 f", "warning setuid_files"),
  read("unreadable", "touch f", "chown 1:1 f; chmod 640 f", "warning unreadable"),
  read("closed-folder", "mkdir d", "chown 1:1 d; chmod 754 d", "warning unreadable"),
  read("unreadable-by-its-list", "touch f", "chown 1:1 f; setfacl -m u:$me:- f", "warning unreadable"),
  tree("unwritable", "touch f", "chown 1:1 f", "info unwritable"),
  tree("unwritable-by-its-owner", "touch f", "chmod 464 f", "info unwritable"),
  tree("list-names-a-user", "touch f", "setfacl -m u:1000:rw f", "info acls"),
  tree("list-names-a-group", "mkdir d", "setfacl -m g:27:rx d", "info acls"),
  tree("list-for-what-is-made", "mkdir d", "setfacl -d -m u:1000:rwx d", "info acls"),
  tree("list-opens-what-is-made", "mkdir d", "setfacl -d -m o::rwx d", "warning acls"),
  // By its mode it could not even read it.
  tree("list-lets-it-in", "touch f", "chown 1:1 f; chmod 600 f; setfacl -m u:$me:rw f", "info acls"),
];

/** Nothing is wrong with any of these, though each looks like something that is. */
export const goodTrees: readonly ZooTree[] = [
  tree("tidy", "mkdir d; touch f d/g", ""),
  tree("private", "mkdir d; touch d/f", "chmod 600 d/f; chmod 700 d"),
  tree("sticky-folder", "mkdir tmp", "chmod 1777 tmp"),
  tree("links-out", "ln -s /etc/shadow l; ln -s . round", ""),
  tree("hands-its-group-on", "mkdir d", "chmod 2775 d"),
  tree("shared-by-group", "mkdir d; touch d/f", "chown -R 1 d; chmod -R g+w d"),
  tree("two-names", "touch f; ln f g", ""),
  tree("odd-names", "touch -- -rf 'a\tb' \"it's\" '\\012' \"$(printf 'b\\377')\"", ""),
  read("read-alone", "mkdir d; touch d/f", "chown -R 1:1 d"),
  tree("list-of-a-mask", "touch f", "setfacl -m m::rw f"),
  tree("list-masked-away", "touch f", "setfacl -m u:1000:rw,m::- f"),
  tree("list-of-the-usual", "mkdir d", "setfacl -d -m u::rwx,g::rx,o::- d"),
];
